// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <vigil/knowledge_base.h>

using namespace vigil;

namespace {

constexpr std::string_view kRxNorm = "http://www.nlm.nih.gov/research/umls/rxnorm";
constexpr std::string_view kClasses = "urn:vigil:codesystem:drug-class";

using Ids = std::vector<ConceptId>;

std::shared_ptr<const KnowledgeBase> build(KnowledgeBaseBuilder& builder) {
  DiagnosticSink sink;
  auto knowledge = builder.build(sink);
  CHECK_MESSAGE(sink.all().empty(), (sink.all().empty() ? "" : sink.all()[0].message));
  return knowledge;
}

}  // namespace

TEST_CASE("an empty knowledge base answers every question") {
  KnowledgeBaseBuilder builder;
  const auto knowledge = build(builder);
  CHECK(knowledge->concept_count() == 0);
  CHECK(knowledge->find_concept(kRxNorm, "1") == 0);
  CHECK(knowledge->display(1).empty());
  CHECK_FALSE(knowledge->find_value_set("urn:a").has_value());
  CHECK_FALSE(knowledge->is_member(0, 1));
  CHECK(knowledge->members(0).empty());
  CHECK(knowledge->value_set(0).url.empty());
  CHECK(knowledge->related(Relation::kIngredient, 1).empty());
  CHECK(knowledge->related(Relation::kCount, 1).empty());
  CHECK_FALSE(knowledge->states_no_allergy(1));
  CHECK(knowledge->find_table("Interactions") == nullptr);
  CHECK(knowledge->subsumes(1, 1));
}

TEST_CASE("concepts keep the ids the builder gave") {
  KnowledgeBaseBuilder builder;
  const ConceptId warfarin = builder.intern(kRxNorm, "11289", "warfarin");
  const ConceptId again = builder.intern(kRxNorm, "11289", "Warfarin sodium");
  CHECK(warfarin == again);
  const auto knowledge = build(builder);
  CHECK(knowledge->find_concept(kRxNorm, "11289") == warfarin);
  CHECK(knowledge->concept_info(warfarin).system == kRxNorm);
  CHECK(knowledge->concept_info(warfarin).code == "11289");
  CHECK(knowledge->display(warfarin) == "warfarin");
  CHECK(knowledge->has_code_system(kRxNorm));
  CHECK_FALSE(knowledge->has_code_system("http://loinc.org"));
  CHECK(knowledge->concept_info(0).code.empty());
  CHECK(knowledge->concept_info(99).code.empty());
}

TEST_CASE("value sets and membership") {
  KnowledgeBaseBuilder builder;
  DiagnosticSink sink;
  const ConceptId a = builder.intern(kRxNorm, "1");
  const ConceptId b = builder.intern(kRxNorm, "2");
  builder.add_value_set("urn:vs", "1", "First", Ids{a}, sink);
  builder.add_value_set("urn:vs", "2", "Second", Ids{b, a, b, 0, 77}, sink);
  CHECK(sink.all().empty());
  const auto knowledge = build(builder);
  const auto second = knowledge->find_value_set("urn:vs");
  REQUIRE(second);
  CHECK(knowledge->value_set(*second).name == "Second");
  CHECK(knowledge->value_set(*second).member_count == 2);
  CHECK(knowledge->is_member(*second, b));
  CHECK(std::ranges::equal(knowledge->members(*second), Ids{a, b}));
  const auto first = knowledge->find_value_set("urn:vs", "1");
  REQUIRE(first);
  CHECK_FALSE(knowledge->is_member(*first, b));
}

TEST_CASE("VGL1105: one value set, two contents; the first stays") {
  KnowledgeBaseBuilder builder;
  DiagnosticSink sink;
  const ConceptId a = builder.intern(kRxNorm, "1");
  const ConceptId b = builder.intern(kRxNorm, "2");
  builder.add_value_set("urn:vs", "1", "", Ids{a}, sink);
  builder.add_value_set("urn:vs", "1", "", Ids{b}, sink);
  REQUIRE(sink.all().size() == 1);
  CHECK(sink.all()[0].code == "VGL1105");
  CHECK(sink.all()[0].message == "value set `urn:vs|1` is given twice with different content");
  const auto knowledge = build(builder);
  CHECK(knowledge->is_member(*knowledge->find_value_set("urn:vs"), a));
}

TEST_CASE("VGL1107: a cycle is named by its least code and left out") {
  KnowledgeBaseBuilder builder;
  const ConceptId b = builder.intern("urn:s", "b");
  const ConceptId a = builder.intern("urn:s", "a");
  const ConceptId c = builder.intern("urn:s", "c");
  builder.add_parent(a, b);
  builder.add_parent(b, a);
  builder.add_parent(b, c);
  DiagnosticSink sink;
  const auto knowledge = builder.build(sink);
  REQUIRE(sink.all().size() == 1);
  CHECK(sink.all()[0].code == "VGL1107");
  CHECK(sink.all()[0].message == "the hierarchy of `urn:s` has a cycle through `a`");
  CHECK(knowledge->subsumes(c, b));
  CHECK_FALSE(knowledge->subsumes(a, b));
}

TEST_CASE("relations, and ingredients that are their own") {
  KnowledgeBaseBuilder builder;
  const ConceptId tablet = builder.intern(kRxNorm, "855332");
  const ConceptId warfarin = builder.intern(kRxNorm, "11289");
  const ConceptId aspirin = builder.intern(kRxNorm, "1191");
  const ConceptId nsaid = builder.intern(kClasses, "nsaid");
  builder.add_relation(Relation::kIngredient, tablet, warfarin);
  builder.add_relation(Relation::kIngredient, tablet, warfarin);
  builder.add_relation(Relation::kDrugClass, aspirin, nsaid);
  builder.add_relation(Relation::kDrugClass, aspirin, 99);
  builder.add_no_allergy(nsaid);
  const auto knowledge = build(builder);
  CHECK(std::ranges::equal(knowledge->related(Relation::kIngredient, tablet), Ids{warfarin}));
  CHECK(std::ranges::equal(knowledge->related(Relation::kIngredient, warfarin), Ids{warfarin}));
  CHECK(std::ranges::equal(knowledge->related(Relation::kIngredient, aspirin), Ids{aspirin}));
  CHECK(std::ranges::equal(knowledge->related(Relation::kDrugClass, aspirin), Ids{nsaid}));
  CHECK(knowledge->recognises(Relation::kIngredient, tablet));
  CHECK_FALSE(knowledge->recognises(Relation::kIngredient, nsaid));
  CHECK(knowledge->states_no_allergy(nsaid));
  CHECK_FALSE(knowledge->states_no_allergy(aspirin));
}

TEST_CASE("a code of another system has what the crosswalk says it means") {
  KnowledgeBaseBuilder builder;
  constexpr std::string_view kNdc = "http://hl7.org/fhir/sid/ndc";
  const ConceptId product = builder.intern(kRxNorm, "855332", "warfarin 5 MG"),
                  warfarin = builder.intern(kRxNorm, "11289");
  const ConceptId written = builder.intern(kNdc, "0056-0172-70"), billed = builder.intern(kNdc, "00056017270");
  const ConceptId other = builder.intern(kNdc, "00000000000");
  const ConceptId oral = builder.intern("urn:route", "oral"), none = builder.intern("urn:allergy", "none");
  builder.add_relation(Relation::kIngredient, product, warfarin);
  builder.add_relation(Relation::kRoute, product, oral);
  builder.add_no_allergy(none);
  // Over two crosswalks, one of which goes both ways; the value set comes later.
  builder.add_relation(Relation::kSameAs, written, billed);
  builder.add_relation(Relation::kSameAs, billed, product);
  builder.add_relation(Relation::kSameAs, billed, written);
  builder.add_relation(Relation::kSameAs, other, none);
  DiagnosticSink sink;
  builder.add_value_set("urn:v", "", "", std::array{product}, sink);
  const auto knowledge = build(builder);
  for (const ConceptId code : {written, billed}) {
    CAPTURE(code);
    REQUIRE(knowledge->related(Relation::kIngredient, code).size() == 1);
    CHECK(knowledge->related(Relation::kIngredient, code)[0] == warfarin);
    REQUIRE(knowledge->related(Relation::kRoute, code).size() == 1);
    CHECK(knowledge->is_member(0, code));
    CHECK(knowledge->display(code) == "warfarin 5 MG");
  }
  CHECK(std::ranges::find(knowledge->related(Relation::kSameAs, written), product) !=
        knowledge->related(Relation::kSameAs, written).end());
  CHECK(knowledge->states_no_allergy(other));
  CHECK_FALSE(knowledge->is_member(0, other));
  CHECK_FALSE(knowledge->recognises(Relation::kIngredient, other));
  CHECK(knowledge->related(Relation::kSameAs, product).empty());
}

TEST_CASE("a table holds typed rows, codes with the display that came later") {
  KnowledgeBaseBuilder builder;
  const ConceptId warfarin = builder.intern(kRxNorm, "11289");
  builder.begin_table("Limits", {{"drug", ColumnType::kCode},
                                 {"note", ColumnType::kString},
                                 {"dose", ColumnType::kQuantity},
                                 {"days", ColumnType::kInteger}});
  builder.add_row(std::array{builder.code_cell(warfarin), builder.text_cell("daily"),
                             builder.quantity_cell({5, 0}, "mg"), Value::of(int32_t{7})});
  builder.add_row(std::array{builder.code_cell(warfarin)});
  builder.name(warfarin, "warfarin");
  const auto knowledge = build(builder);
  const KnowledgeTable* table = knowledge->find_table("Limits");
  REQUIRE(table);
  REQUIRE(table->row_count() == 2);
  CHECK(table->find_column("dose") == 2);
  CHECK_FALSE(table->find_column("Dose"));
  const TupleValue& row = table->row(0);
  REQUIRE(row.count == 4);
  CHECK(row.slots[0].code->concept_id == warfarin);
  CHECK(row.slots[0].code->display == "warfarin");
  CHECK(row.slots[0].code->system == kRxNorm);
  CHECK(row.slots[1].string() == "daily");
  CHECK(row.slots[2].quantity->unit == "mg");
  CHECK(row.slots[3].integer == 7);
  CHECK(table->row(1).count == 4);
  CHECK(table->row(1).slots[3].is_null());
}

TEST_CASE("a table of the same name replaces the earlier one; tables are sorted by name") {
  KnowledgeBaseBuilder builder;
  builder.begin_table("B", {{"x", ColumnType::kString}});
  builder.add_row(std::array{builder.text_cell("old")});
  builder.begin_table("A", {{"x", ColumnType::kString}});
  builder.begin_table("B", {{"x", ColumnType::kString}});
  builder.add_row(std::array{builder.text_cell("new")});
  const auto knowledge = build(builder);
  REQUIRE(knowledge->tables().size() == 2);
  CHECK(knowledge->tables()[0].name() == "A");
  REQUIRE(knowledge->find_table("B")->row_count() == 1);
  CHECK(knowledge->find_table("B")->row(0).slots[0].string() == "new");
}

TEST_CASE("VGL0505: a cell of another type than its column is null, and told") {
  KnowledgeBaseBuilder builder;
  builder.begin_table("T", {{"n", ColumnType::kInteger}, {"c", ColumnType::kCode}});
  const CodeValue foreign;
  builder.add_row(std::array{builder.text_cell("7"), Value::of(&foreign)});
  DiagnosticSink sink;
  const auto knowledge = builder.build(sink);
  REQUIRE(sink.all().size() == 2);
  CHECK(sink.all()[0].code == "VGL0505");
  CHECK(knowledge->find_table("T")->row(0).slots[0].is_null());
  CHECK(knowledge->find_table("T")->row(0).slots[1].is_null());
}

TEST_CASE("the builder is empty after build, and what it made lives on") {
  KnowledgeBaseBuilder builder;
  builder.intern(kRxNorm, "1", "one");
  const auto first = build(builder);
  CHECK(builder.intern(kRxNorm, "2") == 1);
  builder.add_row(std::array{builder.text_cell("no table is open")});
  const auto second = build(builder);
  CHECK(first->display(1) == "one");
  CHECK(second->find_concept(kRxNorm, "1") == 0);
  CHECK(second->tables().empty());
}
