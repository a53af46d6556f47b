// SPDX-License-Identifier: Apache-2.0
// MED-RT, the medication reference terminology of the U.S. Department of Veterans Affairs, to tables of a Vigil
// knowledge base.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include <vigil/diagnostic.h>

namespace vigil {

/// The code system of MED-RT's classes and effects.
inline constexpr std::string_view kMedrtSystem = "http://va.gov/terminology/medrt";

/// What an import found and wrote.
struct MedrtImport {
  bool done = false;
  std::string version;
  size_t classes = 0;
  size_t members = 0;
  size_t contraindications = 0;
  size_t passed_over = 0;  ///< associations that are of no use here, or whose drug is no RxNorm code
};

/// Reads Core_MEDRT_*.xml and writes a knowledge base into `out`, the same bytes for the same file: established
/// pharmacologic classes (EPC) and mechanisms of action (MoA) with their ingredients, and what a drug must not meet
/// (CI_with diseases of MeSH, CI_MoA, CI_PE, CI_ChemClass). MED-RT is in the public domain. An association that is not
/// closed is told with its line (VGL1110), the rest is loaded. Does not throw.
MedrtImport import_medrt(const std::filesystem::path& file, const std::filesystem::path& out, DiagnosticSink& sink);

}  // namespace vigil
