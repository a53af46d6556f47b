// SPDX-License-Identifier: Apache-2.0
// Fetches from a client's FHIR server what its call did not bring (CDS Hooks 2.0.1, "FHIR Resource Access").
#pragma once

#include <string>
#include <vector>

#include "cds-hooks/protocol/data_fetcher.h"
#include "cds-hooks/service/http_client.h"

namespace vigil::hooks {

struct FetchOptions {
  /// Base URLs that may be asked; a call names one of them or one below it. Empty: nothing is fetched. An http URL must
  /// stand here as such: then tokens travel unprotected.
  std::vector<std::string> servers = {};
  size_t max_pages = 20;                      ///< of one search
  size_t max_total_bytes = size_t{32} << 20;  ///< of one call
  JsonLimits json = {};
};

/// The token of a call goes to the server of that call and nowhere else, and is kept no longer than the call. Links to
/// further pages are followed on the same server only. Thread-safe.
class FhirFetcher : public DataFetcher {
 public:
  FhirFetcher(FetchOptions options, const HttpClient& client);

  bool may_fetch(const FhirAccess& access) const override;
  std::vector<Fetched> fetch(const HookCall& call, std::span<const PrefetchTemplate* const> templates,
                             std::chrono::steady_clock::time_point deadline) override;

 private:
  struct Search;
  void start(const HookCall& call, const Url& base, std::span<const PrefetchTemplate* const> templates,
             std::vector<Search>& searches) const;
  void take(Search& search, GetResult result, const Url& base, size_t& bytes) const;

  FetchOptions options_;
  std::vector<Url> servers_;
  const HttpClient& client_;
};

/// Whether `url` is `base` or below it, on the same server, and stays there: no `..`, plain or encoded.
bool is_below(const Url& url, const Url& base);

}  // namespace vigil::hooks
