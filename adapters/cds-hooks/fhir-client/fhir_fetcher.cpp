// SPDX-License-Identifier: Apache-2.0
// Searches, page by page, all keys at once.
#include "cds-hooks/fhir-client/fhir_fetcher.h"

#include <algorithm>

#include "cds-hooks/protocol/data_judge.h"
#include "fhir/bundle_link.h"

namespace vigil::hooks {
namespace {

constexpr const char* kAccept = "application/fhir+json";

std::optional<std::string> next_page(const JsonNode& bundle) {
  std::optional<std::string> next;
  if (const auto links = bundle.find("link"))
    links->for_each_element([&](uint32_t, const JsonNode& link) {
      const auto relation = link.find("relation");
      const auto url = link.find("url");
      if (relation && url && fhir::leads_on(relation->string().value_or(std::string()))) next = url->string();
    });
  return next;
}

/// A query alone is of the page that was asked for (RFC 3986, 5.2) or, as other links here, of the server's base: what
/// came of the wrong one would be taken for the rest.
bool has_no_path(const std::string& link) { return link.empty() || link.front() == '?' || link.front() == '#'; }

/// A link may be relative to the server's base.
std::optional<Url> resolve(const std::string& link, const Url& base) {
  if (link.starts_with("http://") || link.starts_with("https://")) return parse_url(link);
  Url url = base;
  url.target = link.starts_with('/') ? link : base.target + "/" + link;
  return parse_url((url.is_tls ? "https://" : "http://") + url.host + ":" + url.port + url.target);
}

std::string path_of(const std::string& target) { return target.substr(0, target.find('?')); }

}  // namespace

bool is_below(const Url& url, const Url& base) {
  std::string below = path_of(url.target);
  std::string above = path_of(base.target);
  while (above.ends_with('/')) above.pop_back();
  if (!url.same_server(base) || !below.starts_with(above)) return false;
  if (below.size() > above.size() && below[above.size()] != '/') return false;
  std::ranges::transform(below, below.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return below.find("..") == std::string::npos && below.find("%2e") == std::string::npos &&
         below.find("%2f") == std::string::npos && below.find("%5c") == std::string::npos;
}

/// One template's search on its way.
struct FhirFetcher::Search {
  Fetched fetched;
  DataJudge judge;
  std::optional<Url> next;  ///< the page to get; none: done
};

FhirFetcher::FhirFetcher(FetchOptions options, const HttpClient& client)
    : options_(std::move(options)), client_(client) {
  for (const auto& server : options_.servers)
    if (auto url = parse_url(server)) servers_.push_back(std::move(*url));
}

bool FhirFetcher::may_fetch(const FhirAccess& access) const {
  const auto url = parse_url(access.server.reveal());
  return url && url->target.find('?') == std::string::npos &&
         std::ranges::any_of(servers_, [&](const Url& server) { return is_below(*url, server); }) &&
         (!access.expires_in || *access.expires_in > 0);
}

void FhirFetcher::start(const HookCall& call, const Url& base, std::span<const PrefetchTemplate* const> templates,
                        std::vector<Search>& searches) const {
  for (const auto* one : templates) {
    Search search{.fetched = {}, .judge = DataJudge(one->resource_type), .next = {}};
    search.fetched.key = one->key;
    search.fetched.completeness = Completeness::kNotObtained;
    const auto query = fill_template(one->text, call);
    if (query)
      search.next = resolve(*query, base);
    else
      search.fetched.why = "the context has no FHIR id that its query needs";
    if (search.next && !is_below(*search.next, base)) search.next.reset();
    if (!search.next && search.fetched.why.empty()) search.fetched.why = "its query makes no address";
    searches.push_back(std::move(search));
  }
}

void FhirFetcher::take(Search& search, GetResult result, const Url& base, size_t& bytes) const {
  auto& fetched = search.fetched;
  search.next.reset();
  // What came before a page that fails is still part of the data.
  fetched.completeness = fetched.pages.empty() ? Completeness::kNotObtained : Completeness::kPartial;
  const auto fail = [&](std::string why) { fetched.why = "fhirServer: " + std::move(why); };
  if (!result.problem.empty()) return fail(result.problem);
  bytes += result.body.reveal().size();
  if (bytes > options_.max_total_bytes) return fail("more data than is taken");
  JsonDocument document;
  if (!document.read(result.body.reveal(), options_.json).empty()) return fail("no JSON, or nested too deep");
  const auto root = document.root();
  const auto type = root.find("resourceType");
  const auto type_name = type ? type->string() : std::nullopt;
  if (!type_name || *type_name == "OperationOutcome") return fail("no resource");
  const auto next = *type_name == "Bundle" ? next_page(root) : std::nullopt;
  search.judge.look_at(root);
  fetched.pages.push_back(std::move(result.body));
  if (!next) {
    auto judgement = search.judge.judge();
    fetched.completeness = judgement.completeness;
    fetched.why = judgement.why.empty() ? std::string() : "fhirServer: " + judgement.why;
    return;
  }
  fetched.completeness = Completeness::kPartial;
  if (has_no_path(*next)) return fail("the next page's address has no path");
  const auto url = resolve(*next, base);
  if (!url || !is_below(*url, base)) return fail("the next page is on another server");
  if (fetched.pages.size() >= options_.max_pages) return fail("more pages than are taken");
  search.next = url;
}

std::vector<Fetched> FhirFetcher::fetch(const HookCall& call, std::span<const PrefetchTemplate* const> templates,
                                        std::chrono::steady_clock::time_point deadline) {
  std::vector<Search> searches;
  const auto base = parse_url(call.fhir->server.reveal());
  if (!base) return {};
  start(call, *base, templates, searches);
  size_t bytes = 0;
  for (;;) {
    std::vector<GetRequest> requests;
    std::vector<Search*> asked;
    for (auto& search : searches) {
      if (!search.next) continue;
      requests.push_back({*search.next, kAccept, call.fhir->token});
      asked.push_back(&search);
    }
    if (requests.empty()) break;
    auto results = client_.get_all(requests, deadline);
    for (size_t i = 0; i < results.size(); ++i) take(*asked[i], std::move(results[i]), *base, bytes);
  }
  std::vector<Fetched> all;
  for (auto& search : searches) all.push_back(std::move(search.fetched));
  return all;
}

}  // namespace vigil::hooks
