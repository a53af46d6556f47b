// SPDX-License-Identifier: Apache-2.0
// FHIR ConceptMap resources, of R4 (equivalence) and R5 (relationship).
#include <string>

#include "knowledge/read_terminology.h"

namespace vigil {

namespace {

/// Reads the rows of one concept map.
class ConceptMapReader {
 public:
  ConceptMapReader(const TextFile& file, KnowledgeBaseBuilder& builder, ConceptMapSource& source, DiagnosticSink& sink)
      : file_(file), builder_(builder), source_(source), sink_(sink) {}

  void read(const JsonNode& resource) {
    for (const JsonNode& group : list(resource, "group"))
      for (const JsonNode& element : list(group, "element")) read_element(group, element);
  }

 private:
  /// A canonical `system|version` names the system.
  static std::string_view system_of(const JsonNode& group, std::string_view member) {
    const auto system = group.string(member);
    return system.substr(0, std::min(system.find('|'), system.size()));
  }

  void read_element(const JsonNode& group, const JsonNode& element) {
    const ConceptId from =
        builder_.intern(system_of(group, "source"), element.string("code"), element.string("display"));
    if (from == 0) return report(element, "element", "element with a code, in a group with a source");
    for (const JsonNode& target : list(element, "target")) {
      ConceptMapRow row;
      row.from = from;
      row.relationship = target.string(target.find("relationship") ? "relationship" : "equivalence");
      if (target.string("code").empty() && row.relationship == "unmatched") continue;
      row.to = builder_.intern(system_of(group, "target"), target.string("code"), target.string("display"));
      if (row.to == 0) {
        report(target, "target", "target with a code, in a group with a target");
        continue;
      }
      const bool is_conditional = !list(target, "dependsOn").empty() || !list(target, "product").empty();
      row.is_same = !is_conditional && (row.relationship == "equal" || row.relationship == "equivalent");
      if (row.is_same) builder_.add_relation(Relation::kSameAs, row.from, row.to);
      source_.rows.push_back(std::move(row));
    }
  }

  std::span<const JsonNode> list(const JsonNode& holder, std::string_view key) {
    return list_of(holder, key, [&](const JsonNode& node) { report(node, key, "list"); });
  }

  void report(const JsonNode& node, std::string_view what, std::string_view expected) {
    sink_.add(unexpected_node(file_, node, what, expected));
  }

  const TextFile& file_;
  KnowledgeBaseBuilder& builder_;
  ConceptMapSource& source_;
  DiagnosticSink& sink_;
};

}  // namespace

void read_concept_map(const TextFile& file, const JsonNode& resource, KnowledgeBaseBuilder& builder,
                      TerminologySources& sources, DiagnosticSink& sink) {
  ConceptMapSource source;
  read_head(file, resource, source);
  if (source.name.empty()) source.name = source.url;
  ConceptMapReader(file, builder, source, sink).read(resource);
  sources.concept_maps.push_back(std::move(source));
}

}  // namespace vigil
