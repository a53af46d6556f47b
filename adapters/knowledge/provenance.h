// SPDX-License-Identifier: Apache-2.0
// Where knowledge comes from and on what terms.
#pragma once

#include <string>

namespace vigil {

/// As the manifest says of a table, and a FHIR resource of itself; empty where it says nothing. Not judged here.
struct Provenance {
  std::string source;   ///< of a FHIR resource its publisher
  std::string version;  ///< as the source counts
  std::string licence;  ///< of a FHIR resource its copyright
  std::string date;     ///< as written there, ISO 8601 as a rule
};

}  // namespace vigil
