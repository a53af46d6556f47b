// SPDX-License-Identifier: Apache-2.0
// Fetches what a client did not send: the seam between the protocol and the FHIR client.
#pragma once

#include <chrono>
#include <span>
#include <vector>

#include "cds-hooks/protocol/patient_data.h"

namespace vigil::hooks {

class DataFetcher {
 public:
  virtual ~DataFetcher() = default;
  /// Whether anything may be fetched from this call's server at all.
  virtual bool may_fetch(const FhirAccess& access) const = 0;
  /// Fetches the templates' data, all at once, and returns by the deadline with what there is: one Fetched a template.
  virtual std::vector<Fetched> fetch(const HookCall& call, std::span<const PrefetchTemplate* const> templates,
                                     std::chrono::steady_clock::time_point deadline) = 0;
};

/// The query of a template with its tokens put in (percent-encoded); none where the context lacks one, or
/// its id is none of FHIR.
std::optional<std::string> fill_template(std::string_view text, const HookCall& call);

}  // namespace vigil::hooks
