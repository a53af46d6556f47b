// SPDX-License-Identifier: Apache-2.0
// The order of the checks, and those of whole tables and value sets: origin, terms, emptiness.
#include "knowledge/check_knowledge.h"

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace vigil {

namespace {

void check_provenance(std::string_view what, const std::string& name, const Provenance& provenance,
                      const std::string& place, std::string_view hint, DiagnosticSink& sink) {
  for (const auto& [word, text] : {std::pair("source", &provenance.source), std::pair("licence", &provenance.licence)})
    if (text->empty()) sink.add(data_diagnostic("VGL1115", place, {what, name, word}).with_hint(std::string(hint)));
}

void check_terminology(const KnowledgeInventory& inventory, DiagnosticSink& sink) {
  constexpr std::string_view kHint = "a FHIR resource says it as `publisher` and `copyright`";
  const auto& [code_systems, value_sets, concept_maps] = inventory.sources.terminology;
  for (const CodeSystemSource& each : code_systems)
    check_provenance("code system", each.url, each.provenance, each.place, kHint, sink);
  for (const ConceptMapSource& each : concept_maps)
    check_provenance("concept map", each.url, each.provenance, each.place, kHint, sink);
  for (const ValueSetSource& each : value_sets) {
    check_provenance("value set", each.url, each.provenance, each.place, kHint, sink);
    // One that could not be expanded is not held, and VGL1102 has told why.
    const auto held = inventory.knowledge->find_value_set(each.url, each.version);
    if (held && inventory.knowledge->members(*held).empty())
      sink.add(data_diagnostic("VGL1112", each.place, {each.url})
                   .with_hint("a condition on it never holds; say what belongs in it, or take it out"));
  }
}

}  // namespace

void check_knowledge(const KnowledgeInventory& inventory, DiagnosticSink& sink) {
  for (const LoadedTable& loaded : inventory.sources.tables) {
    const TableSource& source = loaded.source;
    check_provenance("table", source.name, source.provenance, source.place,
                     "the manifest says it as `source` and `licence`", sink);
    const KnowledgeTable* table = inventory.knowledge->find_table(source.name);
    if (!table || table->row_count() != loaded.lines.size()) continue;  // it could not be read
    check_rows(loaded, *table, sink);
    check_groups(loaded, *table, sink);
    check_pairs(loaded, *table, *inventory.knowledge, sink);
  }
  check_references(inventory, sink);
  check_terminology(inventory, sink);
}

}  // namespace vigil
