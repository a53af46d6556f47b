// SPDX-License-Identifier: Apache-2.0
// Orders under review and the record, told apart.
#pragma once

#include <cstdint>

namespace vigil::fhir {

/// Which requests are orders under review; all else is record.
enum class Drafts : uint8_t {
  kByStatus,  ///< those with status `draft`: a file holds record and orders alike
  kAll,       ///< whatever their status: orders about to be placed
  kNone,      ///< the record alone, in which a draft may never be signed
};

}  // namespace vigil::fhir
