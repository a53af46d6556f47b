// SPDX-License-Identifier: Apache-2.0
// FHIR ValueSet resources: the expansion where it is whole, else what compose says.
#include <charconv>
#include <optional>
#include <string>

#include "knowledge/read_terminology.h"

namespace vigil {

namespace {

/// Reads one value set. The first thing wrong with it becomes its `problem`: it is then left out as a whole.
class ValueSetReader {
 public:
  ValueSetReader(const TextFile& file, KnowledgeBaseBuilder& builder, ValueSetSource& source)
      : file_(file), builder_(builder), source_(source) {}

  void read(const JsonNode& resource) {
    const JsonNode* compose = resource.find("compose");
    if (const JsonNode* expansion = resource.find("expansion")) read_expansion(*expansion, compose != nullptr);
    if (source_.expanded || !source_.problem.empty()) return;
    if (!compose) return fail(resource, "it has neither an expansion nor a definition");
    read_clauses(*compose, "include", source_.include);
    read_clauses(*compose, "exclude", source_.exclude);
    if (source_.include.empty()) fail(*compose, "its definition includes nothing");
  }

 private:
  void read_expansion(const JsonNode& expansion, bool has_compose) {
    size_t concepts = 0;
    read_contains(expansion, concepts);
    std::optional<size_t> total;
    if (const JsonNode* node = expansion.find("total")) {
      size_t number = 0;
      const auto end = node->text.data() + node->text.size();
      if (std::from_chars(node->text.data(), end, number).ptr == end) total = number;
    }
    if (total && *total > concepts) {
      if (!has_compose)
        fail(expansion,
             "its expansion holds " + std::to_string(concepts) + " of " + std::to_string(*total) + " concepts");
      source_.members.clear();
    } else if (concepts == 0 && !total) {
      if (!has_compose) fail(expansion, "its expansion is empty and states no total");
    } else {
      source_.expanded = true;
    }
  }

  void read_contains(const JsonNode& holder, size_t& concepts) {
    for (const JsonNode& entry : list(holder, "contains")) {
      ++concepts;
      // An abstract entry groups others and an entry without code is a heading: neither is a member.
      if (const std::string_view code = entry.string("code"); !code.empty() && !entry.is_true("abstract")) {
        const ConceptId id = builder_.intern(entry.string("system"), code, entry.string("display"));
        if (id == 0) return fail(entry, "`" + excerpt(code) + "` of its expansion has no system");
        source_.members.push_back(id);
      }
      read_contains(entry, concepts);
    }
  }

  void read_clauses(const JsonNode& compose, std::string_view key, std::vector<ValueSetClause>& clauses) {
    for (const JsonNode& node : list(compose, key)) {
      ValueSetClause clause;
      clause.system = node.string("system");
      clause.version = node.string("version");
      const auto concepts = list(node, "concept");
      clause.lists_concepts = !concepts.empty();
      for (const JsonNode& each : concepts) {
        const ConceptId id = builder_.intern(clause.system, each.string("code"), each.string("display"));
        if (id == 0) fail(each, "a concept it lists has no system or no code");
        clause.concepts.push_back(id);
      }
      for (const JsonNode& each : list(node, "filter"))
        clause.filters.push_back(
            {std::string(each.string("property")), std::string(each.string("op")), std::string(each.string("value"))});
      for (const JsonNode& each : list(node, "valueSet")) {
        if (each.kind != JsonNode::Kind::kString) fail(each, "a value set it refers to is no text");
        clause.value_sets.emplace_back(each.text);
      }
      if (clause.system.empty() && (clause.value_sets.empty() || !clause.filters.empty()))
        fail(node, "a part of its definition names neither code system nor value set");
      clauses.push_back(std::move(clause));
    }
  }

  std::span<const JsonNode> list(const JsonNode& holder, std::string_view key) {
    return list_of(holder, key, [&](const JsonNode& node) { fail(node, "its `" + std::string(key) + "` is no list"); });
  }

  void fail(const JsonNode& where, std::string why) {
    if (!source_.problem.empty()) return;
    source_.problem = std::move(why);
    source_.place = file_.place_of(where.offset);
  }

  const TextFile& file_;
  KnowledgeBaseBuilder& builder_;
  ValueSetSource& source_;
};

}  // namespace

void read_value_set(const TextFile& file, const JsonNode& resource, KnowledgeBaseBuilder& builder,
                    TerminologySources& sources, DiagnosticSink& sink) {
  ValueSetSource source;
  read_head(file, resource, source);
  if (source.url.empty()) {
    sink.add(data_diagnostic("VGL1101", source.place, {file.name(), "a value set has no url"}));
    return;
  }
  ValueSetReader(file, builder, source).read(resource);
  sources.value_sets.push_back(std::move(source));
}

}  // namespace vigil
