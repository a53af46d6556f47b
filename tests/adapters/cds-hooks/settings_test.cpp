// SPDX-License-Identifier: Apache-2.0
// Settings: what each mistake says, and what may not go together.
#include "cds-hooks/config/settings.h"

#include <doctest/doctest.h>

#include "support/files.h"

using namespace vigil;

namespace {

struct Read {
  std::optional<hooks::Settings> settings;
  std::vector<std::string> problems;  ///< "place: message; hint"
  std::string folder = {};            ///< of the file, with a slash
};

Read read(const std::string& text, bool complete = true) {
  const test::TemporaryFolder folder;
  const auto file = folder.write("vigil.toml", text);
  DiagnosticSink sink;
  const auto suggest = [](std::string_view name, std::span<const std::string> known) {
    for (const auto& one : known)
      if (one.substr(0, 3) == name.substr(0, 3)) return "did you mean `" + one + "`?";
    return std::string();
  };
  Read result{hooks::read_settings(file, suggest, sink), {}};
  if (result.settings && complete && !hooks::complete_settings(*result.settings, sink)) result.settings.reset();
  for (const auto& one : sink.all())
    result.problems.push_back(one.place.substr(one.place.rfind('/') + 1) + ": " + one.message + "; " + one.hint);
  result.folder = folder / "";
  return result;
}

std::string problem(const std::string& text) {
  const auto result = read(text);
  CHECK(!result.settings);
  return result.problems.empty() ? "" : result.problems[0];
}

}  // namespace

TEST_CASE("an empty file is the default: loopback, no tokens") {
  const auto settings = read("").settings;
  REQUIRE(settings);
  CHECK(settings->host.http.address == "127.0.0.1");
  CHECK(settings->host.http.port == 8080);
  CHECK(settings->requires_tokens == false);
  CHECK(settings->protocol.cards.default_overrides.size() == 6);
  CHECK(settings->packs.size() == 1);
}

TEST_CASE("mistakes are told with their place and what to do") {
  CHECK(problem("[serve]\n") == "vigil.toml:1:2: there is no setting `serve`; did you mean `server`?");
  CHECK(problem("[server]\nlistn = '127.0.0.1:1'\n") ==
        "vigil.toml:2:1: there is no setting `server.listn`; did you mean `listen`?");
  CHECK(problem("[server]\nmax_body = '1'\n") ==
        "vigil.toml:2:12: `server.max_body` is of type string; give a whole number");
  CHECK(problem("[server]\nmax_body = 1\n").find("`server.max_body` is 1; give a number from 1024") !=
        std::string::npos);
  CHECK(problem("[server]\nlisten = 'here'\n").find("`server.listen` is `here`") != std::string::npos);
  CHECK(problem("[cards]\noverride_reasons = 'some'\n").find("give one of `categories`, `all`, `none`") !=
        std::string::npos);
  CHECK(problem("server = 1\n") == "vigil.toml:1:10: `server` is of type integer; give a table");
  CHECK(problem("[cors]\norigins = [1]\n").find("give a list of texts") != std::string::npos);
  CHECK(problem("[server\n").find("vigil.toml:1:") == 0);
  CHECK(problem("[[pack]]\nid = 'A b'\n").find("cannot be the id of a pack") != std::string::npos);
  CHECK(problem("[[pack]]\nid='a'\n[[pack]]\nid='a'\n").find("there are two packs `a`") != std::string::npos);
  CHECK(problem("[[auth.issuer]]\nissuer='i'\n").find("no keys, or two places") != std::string::npos);
  CHECK(problem("[[auth.issuer]]\nissuer='i'\nkeys_url='http://x/y'\n").find("not fetched by https") !=
        std::string::npos);
  CHECK(problem("[[auth.issuer]]\nissuer='i'\nkeys_file='none.json'\n").find("cannot be read") != std::string::npos);
  CHECK(problem("[fhir]\nservers=['ftp://x']\n").find("is no address of a server") != std::string::npos);
  CHECK(problem("[server.tls]\ncertificate='c.pem'\n").find("lacks a certificate or a key") != std::string::npos);
}

TEST_CASE("point 2: plain HTTP is refused where others can listen, unless it is stated") {
  CHECK(problem("[server]\nlisten='0.0.0.0:80'\n").find("plain HTTP on 0.0.0.0 would send patient data unprotected") !=
        std::string::npos);
  const std::string open = "[server]\nlisten='0.0.0.0:80'\nplain_http='anywhere'\npublic_url='https://x.org/'\n";
  CHECK(problem(open).find("no issuer is trusted") != std::string::npos);
  CHECK(read(open + "[auth]\nrequired=false\n").settings);
  const auto trusted = read(open + "[[auth.issuer]]\nissuer='i'\nkeys_url='https://i/k'\ntenants=['t']\n").settings;
  REQUIRE(trusted);
  CHECK(trusted->requires_tokens == true);
  CHECK(trusted->protocol.public_url == "https://x.org");
  CHECK(trusted->tokens.issuers[0].tenants == std::vector<std::string>{"t"});
}

TEST_CASE("tokens are wanted wherever issuers are named") {
  const auto settings = read("[[auth.issuer]]\nissuer='i'\nkeys_url='https://i/k'\n").settings;
  REQUIRE(settings);
  CHECK(settings->requires_tokens == true);
  CHECK(settings->protocol.public_url == "http://127.0.0.1:8080");
  CHECK(problem("[server]\nlisten='127.0.0.1:0'\n[[auth.issuer]]\nissuer='i'\nkeys_url='https://i/k'\n")
            .find("give server.public_url") != std::string::npos);
}

TEST_CASE("what would do nothing is refused") {
  CHECK(problem("[cors]\norigins = ['https://a.example/']\n").find("`https://a.example/` is no origin") !=
        std::string::npos);
  CHECK(problem("[cors]\norigins = ['a.example']\n").find("`a.example` is no origin") != std::string::npos);
  for (const std::string origin : {"https://a.example:443", "http://a.example:80", "https://A.example",
                                   "https://a.example:", "HTTPS://a.example", "https://a.example?x"})
    CHECK(problem("[cors]\norigins = ['" + origin + "']\n").find("`" + origin + "` is no origin") != std::string::npos);
  CHECK(read("[cors]\norigins = ['https://a.example:8443', 'http://[::1]:3000']\n").settings);
  CHECK(read("[cors]\norigins = ['*', 'http://localhost:3000']\n").settings);
  CHECK(problem("[server]\npublic_url = 'cds.example.org'\n").find("`server.public_url`") != std::string::npos);
  CHECK(problem("[cards]\nsource_url = 'x'\n").find("`cards.source_url`") != std::string::npos);
  CHECK(problem("[cards]\nsource_icon = 'javascript:x'\n").find("`cards.source_icon`") != std::string::npos);
  CHECK(problem("[decisions]\nkeep_days = 5\n").find("decisions have settings and no place") != std::string::npos);
  CHECK(problem("[server]\ndeadline_ms = 0\n").find("leaves no time") != std::string::npos);
}

TEST_CASE("settings that nothing uses are refused, with their place") {
  CHECK(problem("[[client]]\nid = 'https://ehr.example.org/'\n") ==
        "vigil.toml:1:1: no caller can be the client `https://ehr.example.org/`: no issuer has this name; name it in "
        "[[auth.issuer]] as its tokens do in `iss`; without `id` the settings hold for all that have no entry");
  const std::string issuer = "[[auth.issuer]]\nissuer='i'\nkeys_url='https://i/k'\n[[client]]\nid='i'\n";
  CHECK(read(issuer).settings);
  CHECK(problem("[auth]\nrequired=false\n" + issuer).find("auth.required = false asks for no tokens") !=
        std::string::npos);
  for (const std::string word : {"categories", "all"})
    CHECK(
        problem("[cards]\noverride_reasons='" + word + "'\n[[cards.override_reason]]\ntext='x'\n")
            .find("vigil.toml:2:18: `cards.override_reasons` beside reasons of your own is never used; leave it out") ==
        0);
  const auto settings = read("[cards]\noverride_reasons='none'\n[[cards.override_reason]]\ntext='x'\n").settings;
  REQUIRE(settings);
  CHECK(settings->protocol.cards.default_overrides.size() == 1);
  for (const std::string key : {"shadow_queue", "shadow_rows"})
    CHECK(problem("[activation]\n" + key + " = 5\n")
              .find("vigil.toml:2:" + std::to_string(key.size() + 4) + ": `activation." + key +
                    "` is never used without a folder: no pack can be activated; give `activation.folder`") == 0);
  for (const std::string text :
       {"[server]\nburst = 5\n", "[decisions]\nwhen_full = 'drop'\n", "[auth]\nkeys_seconds = 5\n",
        "[cards]\nrest_at_sign_hours = 5\n", "[fhir]\nmax_pages = 5\n"}) {
    CAPTURE(text);
    CHECK(problem(text).find("is never used without") != std::string::npos);
  }
  CHECK(problem("[prefetch]\nnot_held = ['Patient']\n").find("vigil.toml:2:12: `prefetch.not_held` names Patient") ==
        0);
  CHECK(problem("[hooks]\norder-review = 1\n").find("`hooks.order-review` is of type integer") != std::string::npos);
}

TEST_CASE("a key file that is empty is no key: nothing is recorded unsealed for want of one") {
  const test::TemporaryFolder keys;
  const auto key = keys.write("empty.key", "").string();
  CHECK(problem("[decisions]\nfile = 'd.db'\nkey_file = '" + key + "'\n").find("empty.key` is empty") !=
        std::string::npos);
}

TEST_CASE("data and tokens go by https, but where another is stated") {
  const std::string server = "[fhir]\nservers = ['http://fhir.example.org/r4']\n";
  CHECK(problem(server).find("would go unprotected to http://fhir.example.org/r4") != std::string::npos);
  CHECK(read("[server]\nplain_http = 'anywhere'\n" + server).settings);
  CHECK(read("[fhir]\nservers = ['http://127.0.0.1:8080/r4', 'http://localhost/r4']\n").settings);
}

TEST_CASE("every setting is read") {
  const auto got = read(R"(
[server]
listen = "[::1]:9000"
threads = 3
max_body = 10000
read_seconds = 3
deadline_ms = 750
max_memory = 2000000
metrics = false
[log]
file = "log.jsonl"
requests = "all"
[cors]
origins = ["https://a.example"]
[auth]
[[auth.issuer]]
issuer = "https://ehr.example.org/"
keys_url = "https://ehr.example.org/jwks.json"
[requests]
strict = true
distrust_null = true
max_depth = 32
[cards]
source_label = "L"
max_cards = 5
unknown_rules = "failed-sources"
[[cards.override_reason]]
text = "House reason"
[prefetch]
max_codes = 5
not_held = ["MedicationStatement"]
[[client]]
version_3 = true
[[client]]
id = "https://ehr.example.org/"
system_actions = true
[fhir]
servers = ["https://fhir.example.org/r4"]
[hooks]
order-review = "order-sign"
[[pack]]
id = "a"
rules = ["r"]
[[pack]]
id = "b"
title = "B"
version = "2"
)");
  const auto& settings = got.settings;
  REQUIRE(settings);
  CHECK(settings->host.http.address == "::1");
  CHECK(settings->host.http.port == 9000);
  CHECK(settings->host.http.threads == 3);
  CHECK(settings->host.http.limits.read_time == std::chrono::seconds(3));
  CHECK(settings->protocol.deadline == std::chrono::milliseconds(750));
  CHECK(settings->protocol.max_memory == 2'000'000);
  CHECK(!settings->host.offers_metrics);
  CHECK(settings->log.file == got.folder + "log.jsonl");
  CHECK(settings->log.requests == "all");
  CHECK(settings->protocol.cors.origins.size() == 1);
  CHECK(settings->protocol.call.strict);
  CHECK(settings->protocol.call.json.max_depth == 32);
  CHECK(settings->protocol.distrusts_null);
  CHECK(settings->protocol.cards.max_cards == 5);
  CHECK(!settings->protocol.cards.names_every_unknown);
  CHECK(settings->protocol.cards.default_overrides.size() == 1);
  CHECK(settings->protocol.prefetch.max_codes == 5);
  CHECK(settings->protocol.prefetch.not_held == std::vector<std::string>{"MedicationStatement"});
  CHECK(settings->protocol.clients.of("anybody").version_3);
  CHECK(settings->protocol.clients.of("https://ehr.example.org/").system_actions);
  CHECK(!settings->protocol.clients.of("https://ehr.example.org/").version_3);
  CHECK(settings->aliases[0] == hooks::HookAlias("order-review", "order-sign"));
  CHECK(settings->packs[0].rules[0] == got.folder + "r");
  CHECK(settings->packs[1].title == "B");
}

TEST_CASE("addresses") {
  hooks::HttpOptions http;
  for (const char* bad : {"", "8080", ":80", "x:", "x:y", "x:70000", "x:-1"}) CHECK(!hooks::read_listen(bad, http));
  CHECK(hooks::is_loopback("127.3.2.1"));
  CHECK(hooks::is_loopback("::1"));
  CHECK(!hooks::is_loopback("0.0.0.0"));
}
