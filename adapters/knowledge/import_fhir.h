// SPDX-License-Identifier: Apache-2.0
// FHIR terminology, and value sets of VSAC, to a Vigil knowledge base.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string_view>

#include <vigil/diagnostic.h>

namespace vigil {

/// What an import found and wrote.
struct TerminologyImport {
  bool done = false;
  size_t code_systems = 0;
  size_t value_sets = 0;  ///< that could be expanded
  size_t left_out = 0;    ///< value sets that could not
  size_t concept_maps = 0;
  size_t crosswalk_rows = 0;  ///< of concept maps: equal or equivalent
  size_t other_rows = 0;      ///< of concept maps: wider, narrower and the like, for rules to read
  size_t broken = 0;          ///< concepts without a code, and the like, left out
};

/// CodeSystem, ValueSet and ConceptMap resources, alone or in Bundles, from JSON files and folders. Value sets are
/// expanded now, with the code systems given; those that cannot be are told (VGL1102) and left out. A concept map's
/// codes of the same meaning become the table "Crosswalk", its others "Concept maps". Does not throw.
TerminologyImport import_fhir(std::span<const std::filesystem::path> paths, const std::filesystem::path& out,
                              const std::function<void(std::string_view)>& progress, DiagnosticSink& sink);

/// Value sets as the Value Set Authority Center gives them: XML of IHE SVS (RetrieveValueSet and
/// RetrieveMultipleValueSets, and the site's XML download), or FHIR JSON. Their URL is
/// http://cts.nlm.nih.gov/fhir/ValueSet/OID, as in its FHIR service. Does not throw.
TerminologyImport import_vsac(std::span<const std::filesystem::path> paths, const std::filesystem::path& out,
                              const std::function<void(std::string_view)>& progress, DiagnosticSink& sink);

}  // namespace vigil
