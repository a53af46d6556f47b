// SPDX-License-Identifier: Apache-2.0
// Addresses that may be asked, and those that may not. What is fetched over the wire: run_fetch_tests.py.
#include <doctest/doctest.h>

#include "cds-hooks/fhir-client/fhir_fetcher.h"
#include "cds-hooks/service/trace_context.h"

using namespace vigil::hooks;

namespace {

std::string parts(std::string_view text) {
  const auto url = parse_url(text);
  return url ? (url->is_tls ? "s " : "p ") + url->host + " " + url->port + " " + url->target : "-";
}

bool below(std::string_view url, std::string_view base) {
  const auto one = parse_url(url);
  return one && is_below(*one, *parse_url(base));
}

}  // namespace

TEST_CASE("URLs in their parts") {
  CHECK(parts("https://Fhir.Example.org/r4") == "s fhir.example.org 443 /r4");
  CHECK(parts("http://localhost:8080") == "p localhost 8080 /");
  CHECK(parts("https://[::1]:9/x?y=z") == "s ::1 9 /x?y=z");
  CHECK(parts("https://h?x") == "s h 443 /?x");
  CHECK(parts("https://h:/x") == "s h 443 /x");
  CHECK(parts("http://[::1]:") == "p ::1 80 /");
  for (const char* bad : {"", "ftp://h/", "https://", "https:///x", "https://user@h/", "https://h:x/", "https://:/",
                          "https://h/a b", "https://h/a\r\nX: 1", "https://h/#f", "https://h\\evil/", "https://[::1/",
                          "https://h:123456/", "//h/x", "https://h/\xC3\xA9"}) {
    INFO(bad);
    CHECK(parts(bad) == "-");
  }
}

TEST_CASE("paths that requests name") {
  const auto path = [](std::string_view target) { return path_of_target(target).value_or("-"); };
  CHECK(path("/a/b?c?d") == "/a/b");
  CHECK(path("//a") == "//a");
  CHECK(path("http://h:80/a?c=/d") == "/a");
  CHECK(path("https://h?c") == "/");
  CHECK(path("http://h:/a") == "/a");
  CHECK(path("*") == "*");
  for (const char* bad : {"", "a", "h:443", "*/", "?a", "http://", "http:/a", "http://u@h/a"}) {
    INFO(bad);
    CHECK(path(bad) == "-");
  }
}

TEST_CASE("point 48: only servers of the list are asked, and nothing beside or above them") {
  const char* base = "https://fhir.example.org/r4";
  CHECK(below("https://fhir.example.org/r4", base));
  CHECK(below("https://fhir.example.org/r4/Patient/1?x=y", base));
  CHECK(below("https://FHIR.example.org:443/r4/Patient", base));
  for (const char* other :
       {"http://fhir.example.org/r4/Patient", "https://fhir.example.org:444/r4/Patient",
        "https://evil.example/r4/Patient", "https://fhir.example.org.evil.example/r4",
        "https://fhir.example.org/r4x/Patient", "https://fhir.example.org/", "https://fhir.example.org/r4/../admin",
        "https://fhir.example.org/r4/%2e%2e/admin", "https://fhir.example.org/r4/%2E./admin",
        "https://fhir.example.org/r4/..%2fadmin", "https://fhir.example.org/r4/a%5C..%5Cb"}) {
    INFO(other);
    CHECK(!below(other, base));
  }
}

TEST_CASE("points 42, 48: a call's server is asked only if it is on the list and its token lives") {
  const HttpClient client({});
  const FhirFetcher fetcher({.servers = {"https://fhir.example.org/r4"}}, client);
  const auto may = [&](const std::string& server, std::optional<int64_t> expires = std::nullopt) {
    FhirAccess access;
    access.server = Confidential<std::string>(server);
    access.expires_in = expires;
    return fetcher.may_fetch(access);
  };
  CHECK(may("https://fhir.example.org/r4"));
  CHECK(may("https://fhir.example.org/r4/tenant-1", 300));
  CHECK(!may("https://fhir.example.org/r4", 0));
  CHECK(!may("https://fhir.example.org/r4?x=y"));
  CHECK(!may("http://169.254.169.254/latest/meta-data"));
  CHECK(!may("https://evil.example/r4"));
  CHECK(!may("not a url"));
}

TEST_CASE("trace ids") {
  CHECK(trace_id_of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01") == "0af7651916cd43dd8448eb211c80319c");
  for (const char* bad : {"", "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                          "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                          "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                          "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01x",
                          "John Doe 1950-03-01 ----------------------------------------------"}) {
    INFO(bad);
    CHECK(trace_id_of(bad).empty());
  }
  RequestIds ids;
  CHECK(ids.next() != ids.next());
}
