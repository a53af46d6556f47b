// SPDX-License-Identifier: Apache-2.0
// Reads CONCEPT, and knows FHIR's names for its vocabularies.
#include "omop/concepts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace vigil::omop {
namespace {

uint32_t number_of(std::string_view text) {
  uint32_t number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
  return end.ec == std::errc() && end.ptr == text.data() + text.size() ? number : 0;
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kSystems = {{
    {"SNOMED", "http://snomed.info/sct"},
    {"LOINC", "http://loinc.org"},
    {"RxNorm", "http://www.nlm.nih.gov/research/umls/rxnorm"},
    {"UCUM", "http://unitsofmeasure.org"},
    {"ICD10CM", "http://hl7.org/fhir/sid/icd-10-cm"},
    {"ICD10", "http://hl7.org/fhir/sid/icd-10"},
    {"ICD9CM", "http://hl7.org/fhir/sid/icd-9-cm"},
    {"ICD9Proc", "http://hl7.org/fhir/sid/icd-9-cm"},
    {"CVX", "http://hl7.org/fhir/sid/cvx"},
    {"NDC", "http://hl7.org/fhir/sid/ndc"},
    {"CPT4", "http://www.ama-assn.org/go/cpt"},
    {"HCPCS", "urn:oid:2.16.840.1.113883.6.285"},
    {"ATC", "http://www.whocc.no/atc"},
}};

constexpr std::array<std::string_view, 4> kNames = {"concept_id", "vocabulary_id", "concept_code", "concept_name"};

}  // namespace

std::span<const std::string_view> Concepts::columns() { return kNames; }

std::string_view system_of(std::string_view vocabulary) {
  for (const auto& [name, system] : kSystems)
    if (name == vocabulary) return system;
  return {};
}

bool Concepts::read(TableReader& table, DiagnosticSink& sink) {
  std::array<size_t, kNames.size()> columns{};
  for (size_t i = 0; i < kNames.size(); ++i) {
    const auto column = table.column(kNames[i]);
    if (!column) {
      sink.add(data_diagnostic("VGL1313", {}, {"CONCEPT", kNames[i]}));
      return false;
    }
    columns[i] = *column;
  }
  uint32_t last = 0;  // concepts of a vocabulary stand together
  while (table.next()) {
    const uint32_t id = number_of(table.value(columns[0]));
    if (id == 0 || !table.problem().empty()) continue;
    const auto vocabulary = table.value(columns[1]);
    if (last >= vocabularies_.size() || vocabularies_[last] != vocabulary) {
      const auto found = std::find(vocabularies_.begin(), vocabularies_.end(), vocabulary);
      last = static_cast<uint32_t>(found - vocabularies_.begin());
      if (found == vocabularies_.end()) vocabularies_.emplace_back(vocabulary);
    }
    const auto code = table.value(columns[2]);
    const auto concept_name = table.value(columns[3]);
    rows_[id] = {texts_.size(), static_cast<uint32_t>(code.size()), static_cast<uint32_t>(concept_name.size()), last};
    texts_.append(code).append(concept_name);
  }
  return true;
}

std::optional<Concept> Concepts::find(std::string_view id) const {
  const auto found = rows_.find(number_of(id));
  if (found == rows_.end()) return std::nullopt;
  const Row& row = found->second;
  const auto text = std::string_view(texts_).substr(row.text, uint64_t{row.code_size} + row.name_size);
  return Concept{vocabularies_[row.vocabulary], text.substr(0, row.code_size), text.substr(row.code_size)};
}

}  // namespace vigil::omop
