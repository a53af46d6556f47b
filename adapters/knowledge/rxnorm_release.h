// SPDX-License-Identifier: Apache-2.0
// What is kept of a release of RxNorm while it is imported.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <vigil/diagnostic.h>

#include "knowledge/text_file.h"

namespace vigil {

/// Term types, as far as drugs are made of them.
enum class TermType : uint8_t {
  kOther,
  kIN,
  kPIN,
  kMIN,
  kBN,
  kSCDC,
  kSCDF,
  kSCDG,
  kSCD,
  kSBDC,
  kSBDF,
  kSBDG,
  kSBD,
  kGPCK,
  kBPCK,
  kDF
};
std::string_view term_type_name(TermType type);

struct RxnormConcept {
  uint32_t rxcui = 0;
  TermType type = TermType::kOther;
  bool is_active = true;
  std::string name;
};

/// The concepts by RXCUI, the ways from each towards its ingredients, and its dose forms.
class RxnormRelease {
 public:
  /// RXNCONSO.RRF, then RXNREL.RRF. Both give the number of broken lines.
  size_t read_concepts(const TextFile& file, DiagnosticSink& sink);
  size_t read_relations(const TextFile& file, DiagnosticSink& sink);

  const std::vector<RxnormConcept>& concepts() const { return concepts_; }
  const RxnormConcept* find(uint32_t rxcui) const;
  /// RXCUIs of type IN that ways from the drug lead to, sorted; the drug itself where it is one.
  std::vector<uint32_t> ingredients(const RxnormConcept& drug) const;
  /// Components with strength of a product (SCDC), sorted.
  std::vector<const RxnormConcept*> components(const RxnormConcept& drug) const;
  /// Names of dose forms, as "Oral Tablet".
  std::vector<std::string_view> dose_forms(const RxnormConcept& drug) const;

 private:
  struct Edge {
    uint32_t from;
    uint32_t to;  ///< both indexes in concepts_
    auto operator<=>(const Edge&) const = default;
  };
  /// Of sorted edges.
  static std::span<const Edge> edges_from(const std::vector<Edge>& edges, uint32_t from);
  std::vector<uint32_t> reach(uint32_t from, TermType wanted) const;

  std::vector<RxnormConcept> concepts_;  ///< by RXCUI
  std::unordered_map<uint32_t, uint32_t> index_;
  std::vector<Edge> towards_ingredients_;
  std::vector<Edge> dose_forms_;
};

/// Digits only, and no more than fit.
bool parse_rxcui(std::string_view text, uint32_t& rxcui);

}  // namespace vigil
