// SPDX-License-Identifier: Apache-2.0
// What is known apart from any patient: concepts, value sets, hierarchies, drug relations and typed tables.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/diagnostic.h>
#include <vigil/value.h>

namespace vigil {

/// The order of versions in which find_value_set takes the greatest: numbers count as numbers (1.9 < 1.10), a
/// pre-release (1.0.0-rc1) comes before its release, and no version before any. A total order: equal only for equal
/// text.
std::strong_ordering compare_versions(std::string_view a, std::string_view b);

/// How two concepts belong together; each row is (from, to).
enum class Relation : uint8_t {
  kIngredient,          ///< drug product → ingredient; an ingredient is its own ingredient
  kDrugClass,           ///< ingredient → class
  kSideChainGroup,      ///< ingredient → cross-reactivity group by identical side chain
  kCrossReactiveGroup,  ///< ingredient → cross-reactivity group by class
  kAllergenIngredient,  ///< allergen code → ingredient
  kAllergenGroup,       ///< allergen code → cross-reactivity group
  kRoute,               ///< drug product → route (urn:vigil:codesystem:route)
  kSameAs,              ///< code → the concept that a crosswalk says it means: NDC → RxCUI
  kCount
};

/// Types of a knowledge table's columns.
enum class ColumnType : uint8_t { kCode, kString, kInteger, kDecimal, kBoolean, kQuantity };

/// One column of a knowledge table.
struct TableColumn {
  std::string name;
  ColumnType type = ColumnType::kString;
};

/// One knowledge table: rows of typed values, row-major. A cell is null where the source gives none.
class KnowledgeTable {
 public:
  const std::string& name() const { return name_; }
  std::span<const TableColumn> columns() const { return columns_; }
  uint32_t row_count() const { return static_cast<uint32_t>(rows_.size()); }
  /// Row `i` as a CQL tuple, its slots in the order of columns().
  const TupleValue& row(uint32_t i) const { return rows_[i]; }
  std::optional<uint32_t> find_column(std::string_view name) const;

 private:
  friend class KnowledgeBaseBuilder;
  std::string name_;
  std::vector<TableColumn> columns_;
  std::vector<TupleValue> rows_;
};

/// What is known of a concept besides its id. Views live as long as the knowledge base.
struct ConceptInfo {
  std::string_view system;
  std::string_view code;
  std::string_view display;
};

/// What is known of a value set besides its members. Views live as long as the knowledge base.
struct ValueSetInfo {
  std::string_view url;
  std::string_view version;
  std::string_view name;
  uint32_t member_count = 0;
};

/// Immutable; every member may be called from any thread. Owns the ids of its concepts: 1 … concept_count().
/// Ids are dense, so that a set of concepts is a bitmap.
class KnowledgeBase {
 public:
  ~KnowledgeBase();
  KnowledgeBase(KnowledgeBase&&) noexcept;

  uint32_t concept_count() const;
  /// 0 where the pair is not held. Code systems' versions play no part in identity.
  ConceptId find_concept(std::string_view system, std::string_view code) const;
  ConceptInfo concept_info(ConceptId id) const;
  /// Drug names by code for texts; empty if unknown.
  std::string_view display(ConceptId id) const { return concept_info(id).display; }

  /// The value set with this canonical URL, of this version where one is given (else the only or greatest version).
  std::optional<uint32_t> find_value_set(std::string_view url, std::string_view version = {}) const;
  uint32_t value_set_count() const;
  ValueSetInfo value_set(uint32_t index) const;
  bool is_member(uint32_t value_set, ConceptId id) const;
  std::span<const ConceptId> members(uint32_t value_set) const;

  /// Whether some concept of this code system is held.
  bool has_code_system(std::string_view url) const;
  /// Whether `ancestor` subsumes `descendant` in their code system's hierarchy; reflexive.
  bool subsumes(ConceptId ancestor, ConceptId descendant) const;

  /// The concepts related to `from`, sorted by id; empty where none are known.
  std::span<const ConceptId> related(Relation relation, ConceptId from) const;
  /// Whether any row of `relation` begins with `from`, that is: whether the concept is recognised as a drug, an
  /// allergen ...
  bool recognises(Relation relation, ConceptId from) const { return !related(relation, from).empty(); }
  /// Codes that state there is no allergy ("no known drug allergy").
  bool states_no_allergy(ConceptId id) const;

  const KnowledgeTable* find_table(std::string_view name) const;
  std::span<const KnowledgeTable> tables() const;

  /// A digest of the whole content, the same for the same content in any order of loading.
  uint64_t digest() const;

  struct Content;  // private to engine/src/terminology

 private:
  friend class KnowledgeBaseBuilder;
  explicit KnowledgeBase(std::unique_ptr<Content> content);
  std::unique_ptr<Content> content_;
};

/// Builds a knowledge base. Not thread-safe. Strings are copied.
class KnowledgeBaseBuilder {
 public:
  KnowledgeBaseBuilder();
  ~KnowledgeBaseBuilder();

  /// Interns; a display is kept from the first call that gives one.
  ConceptId intern(std::string_view system, std::string_view code, std::string_view display = {});
  /// Gives a concept a display that later ones do not replace.
  void name(ConceptId id, std::string_view display);

  /// A value set's whole membership. The same URL and version twice with different members is VGL1105.
  void add_value_set(std::string_view url, std::string_view version, std::string_view name,
                     std::span<const ConceptId> members, DiagnosticSink& sink);
  /// `child` is-a `parent`; build() closes the hierarchy (a cycle is VGL1107).
  void add_parent(ConceptId child, ConceptId parent);
  /// build() gives the `from` of kSameAs what its `to` has: ingredients, routes, meaning as an allergen, membership of
  /// value sets, and its name where it has none.
  void add_relation(Relation relation, ConceptId from, ConceptId to);
  void add_no_allergy(ConceptId id);

  /// Starts a table, replacing one of the same name; then add_row once a row, cells in the columns' order. Cells are
  /// made with text(), code_cell() and the plain Value factories; pointers in cells must come from this builder.
  void begin_table(std::string_view name, std::vector<TableColumn> columns);
  void add_row(std::span<const Value> cells);
  Value text_cell(std::string_view text);
  Value code_cell(ConceptId id);
  Value quantity_cell(Decimal value, std::string_view unit);

  /// Moves the content out; the builder is empty afterwards. Errors (cycles) go to `sink`; what is wrong is left out.
  std::shared_ptr<const KnowledgeBase> build(DiagnosticSink& sink);

 private:
  std::unique_ptr<KnowledgeBase::Content> content_;
};

}  // namespace vigil
