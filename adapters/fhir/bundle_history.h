// SPDX-License-Identifier: Apache-2.0
// The versions of a history Bundle: from when to when each was known.
#pragma once

#include <span>
#include <string_view>

#include "fhir/resource_reader.h"

namespace vigil::fhir {

/// An entry of a history that says a resource was deleted.
struct Deletion {
  std::string_view url;  ///< "Condition/1"
  Instant at = kAlways;  ///< kAlways: not known when
};

/// Ends each version when the next of the same resource begins or the resource was deleted. Versions of one begin, or
/// of unknown begin, are left as they are: the timeline tells whether they contradict each other. False where a
/// deletion could not be applied, for its time is not known.
bool order_versions(std::span<PendingResource> versions, std::span<const Deletion> deletions);

}  // namespace vigil::fhir
