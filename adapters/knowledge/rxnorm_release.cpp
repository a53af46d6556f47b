// SPDX-License-Identifier: Apache-2.0
// Reading RXNCONSO and RXNREL, and following the ways from products to ingredients (RxNorm technical documentation,
// section 12: rich release format; appendix 1: relationships).
#include "knowledge/rxnorm_release.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <tuple>

#include "knowledge/rrf_reader.h"

namespace vigil {

namespace {

constexpr std::array<std::string_view, 16> kTypeNames = {"",    "IN",   "PIN",  "MIN",  "BN",  "SCDC", "SCDF", "SCDG",
                                                         "SCD", "SBDC", "SBDF", "SBDG", "SBD", "GPCK", "BPCK", "DF"};

// Columns of RXNCONSO and RXNREL that are read.
enum Conso { kRxcui = 0, kLanguage = 1, kSource = 11, kType = 12, kName = 14, kSuppress = 16, kConsoColumns = 18 };
enum Rel { kRxcui1 = 0, kRxcui2 = 4, kRela = 7, kRelSource = 10, kRelSuppress = 14, kRelColumns = 16 };

/// Relationships that lead from a product towards what it is made of. A row reads "RXCUI2 RELA RXCUI1".
constexpr std::array<std::string_view, 9> kTowards = {
    "consists_of",     "contains", "form_of", "has_ingredient",
    "has_ingredients", "has_part", "isa",     "has_precise_ingredient",
    "tradename_of"};

TermType type_of(std::string_view name) {
  const auto* const at = std::find(kTypeNames.begin() + 1, kTypeNames.end(), name);
  return at == kTypeNames.end() ? TermType::kOther : static_cast<TermType>(at - kTypeNames.begin());
}

}  // namespace

std::string_view term_type_name(TermType type) { return kTypeNames[static_cast<size_t>(type)]; }

bool parse_rxcui(std::string_view text, uint32_t& rxcui) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), rxcui);
  return error == std::errc{} && end == text.data() + text.size();
}

size_t RxnormRelease::read_concepts(const TextFile& file, DiagnosticSink& sink) {
  RrfReader row(file, kConsoColumns, sink);
  size_t broken = 0;
  while (row.next()) {
    if (row[kSource] != "RXNORM" || row[kLanguage] != "ENG") continue;
    const auto type = type_of(row[kType]);
    if (type == TermType::kOther) continue;
    uint32_t rxcui = 0;
    if (!parse_rxcui(row[kRxcui], rxcui)) {
      sink.add(data_diagnostic("VGL1108", file.place(row.line()), {excerpt(row[kRxcui]), "RXCUI"}));
      ++broken;
      continue;
    }
    concepts_.push_back({rxcui, type, row[kSuppress] == "N", std::string(row[kName])});
  }
  // A concept has one preferred name of these types; should a release hold two, the one that is in use counts.
  std::ranges::sort(concepts_, [](const RxnormConcept& a, const RxnormConcept& b) {
    return std::tie(a.rxcui, b.is_active, a.type, a.name) < std::tie(b.rxcui, a.is_active, b.type, b.name);
  });
  const auto same = [](const RxnormConcept& a, const RxnormConcept& b) { return a.rxcui == b.rxcui; };
  concepts_.erase(std::unique(concepts_.begin(), concepts_.end(), same), concepts_.end());
  for (uint32_t i = 0; i < concepts_.size(); ++i) index_[concepts_[i].rxcui] = i;
  return broken + row.broken();
}

size_t RxnormRelease::read_relations(const TextFile& file, DiagnosticSink& sink) {
  RrfReader row(file, kRelColumns, sink);
  while (row.next()) {
    if (row[kRelSource] != "RXNORM" || row[kRxcui1].empty() || row[kRxcui2].empty()) continue;
    const bool is_form = row[kRela] == "has_dose_form";
    if (!is_form && std::ranges::find(kTowards, row[kRela]) == kTowards.end()) continue;
    uint32_t first = 0, second = 0;
    if (!parse_rxcui(row[kRxcui1], first) || !parse_rxcui(row[kRxcui2], second)) continue;
    const auto from = index_.find(second), to = index_.find(first);
    if (from == index_.end() || to == index_.end()) continue;  // of a source or type that is not kept
    // A brand may be of several products with other ingredients: it is no way for anything but itself.
    if (concepts_[to->second].type == TermType::kBN) continue;
    (is_form ? dose_forms_ : towards_ingredients_).push_back({from->second, to->second});
  }
  for (auto* edges : {&towards_ingredients_, &dose_forms_}) {
    std::ranges::sort(*edges);
    edges->erase(std::unique(edges->begin(), edges->end()), edges->end());
  }
  return row.broken();
}

const RxnormConcept* RxnormRelease::find(uint32_t rxcui) const {
  const auto at = index_.find(rxcui);
  return at == index_.end() ? nullptr : &concepts_[at->second];
}

// Not std::ranges::equal_range: clang 14, which builds the fuzz targets, cannot read GCC 12's subranges.
std::span<const RxnormRelease::Edge> RxnormRelease::edges_from(const std::vector<Edge>& edges, uint32_t from) {
  const auto begin = std::ranges::lower_bound(edges, from, {}, &Edge::from);
  return {begin, std::ranges::upper_bound(begin, edges.end(), from, {}, &Edge::from)};
}

std::vector<uint32_t> RxnormRelease::reach(uint32_t from, TermType wanted) const {
  std::vector<uint32_t> seen = {from}, found;
  for (size_t i = 0; i < seen.size(); ++i) {
    const uint32_t at = seen[i];
    if (concepts_[at].type == wanted) {
      found.push_back(at);
      continue;
    }
    for (const Edge& edge : edges_from(towards_ingredients_, at))
      if (std::ranges::find(seen, edge.to) == seen.end()) seen.push_back(edge.to);
  }
  std::ranges::sort(found);
  return found;
}

std::vector<uint32_t> RxnormRelease::ingredients(const RxnormConcept& drug) const {
  std::vector<uint32_t> result;
  for (const uint32_t i : reach(index_.at(drug.rxcui), TermType::kIN)) result.push_back(concepts_[i].rxcui);
  return result;
}

std::vector<const RxnormConcept*> RxnormRelease::components(const RxnormConcept& drug) const {
  std::vector<const RxnormConcept*> result;
  for (const uint32_t i : reach(index_.at(drug.rxcui), TermType::kSCDC)) result.push_back(&concepts_[i]);
  return result;
}

std::vector<std::string_view> RxnormRelease::dose_forms(const RxnormConcept& drug) const {
  std::vector<std::string_view> names;
  for (const Edge& edge : edges_from(dose_forms_, index_.at(drug.rxcui))) names.push_back(concepts_[edge.to].name);
  return names;
}

}  // namespace vigil
