// SPDX-License-Identifier: Apache-2.0
// FHIR CodeSystem resources.
#include <algorithm>
#include <string>

#include "knowledge/read_terminology.h"

namespace vigil {

namespace {

/// Reads the concepts of one code system, nested ones as children.
class CodeSystemReader {
 public:
  CodeSystemReader(const TextFile& file, KnowledgeBaseBuilder& builder, CodeSystemSource& source, DiagnosticSink& sink)
      : file_(file), builder_(builder), source_(source), sink_(sink) {}

  void read_concepts(const JsonNode& holder, ConceptId parent) {
    const auto tell = [this](const JsonNode& node) { report(node, "concept", "list of concepts"); };
    for (const JsonNode& node : list_of(holder, "concept", tell)) read_concept(node, parent);
  }

  /// Parents may be named before they come, so that links are made last.
  void link_named_parents() {
    std::ranges::sort(source_.codes);
    // A concept with two parents may be nested in both.
    source_.codes.erase(std::unique(source_.codes.begin(), source_.codes.end()), source_.codes.end());
    for (const Link& link : links_) {
      const ConceptId other = builder_.intern(source_.url, link.code);
      if (source_.complete && !std::ranges::binary_search(source_.codes, other)) {
        report(*link.node, link.code, "code of `" + source_.url + "`");
      } else {
        source_.parents.push_back(link.names_parent ? std::pair(link.from, other) : std::pair(other, link.from));
      }
    }
  }

 private:
  struct Link {
    const JsonNode* node;
    ConceptId from;
    std::string_view code;
    bool names_parent;
  };

  void read_concept(const JsonNode& node, ConceptId parent) {
    const std::string_view code = node.string("code");
    if (code.empty()) return report(node, "concept", "concept with a code");
    const ConceptId id = builder_.intern(source_.url, code, node.string("display"));
    source_.codes.push_back(id);
    if (parent != 0) source_.parents.emplace_back(id, parent);
    for (const JsonNode& property : list_of(node, "property", [](const JsonNode&) {})) read_property(property, id);
    read_concepts(node, id);
  }

  void read_property(const JsonNode& property, ConceptId id) {
    const std::string_view name = property.string("code");
    const bool names_parent = name == "parent" || name == "subsumedBy";
    if (!names_parent && name != "child") return;
    std::string_view code = property.string("valueCode");
    if (const JsonNode* coding = property.find("valueCoding"); coding && code.empty()) code = coding->string("code");
    if (code.empty()) return report(property, name, "property with a code");
    links_.push_back({&property, id, code, names_parent});
  }

  void report(const JsonNode& node, std::string_view what, std::string_view expected) {
    sink_.add(unexpected_node(file_, node, what, expected));
  }

  const TextFile& file_;
  KnowledgeBaseBuilder& builder_;
  CodeSystemSource& source_;
  DiagnosticSink& sink_;
  std::vector<Link> links_;
};

}  // namespace

void read_code_system(const TextFile& file, const JsonNode& resource, KnowledgeBaseBuilder& builder,
                      TerminologySources& sources, DiagnosticSink& sink) {
  const std::string_view content = resource.string("content");
  const std::string_view meaning = resource.string("hierarchyMeaning");
  CodeSystemSource source;
  read_head(file, resource, source);
  if (content == "supplement") source.url = resource.string("supplements");
  source.url.resize(std::min(source.url.find('|'), source.url.size()));
  source.complete = content == "complete";
  source.subsumes = meaning != "part-of" && meaning != "grouped-by";
  if (source.url.empty()) {
    sink.add(data_diagnostic("VGL1101", source.place, {file.name(), "a code system has no url"}));
    return;
  }
  CodeSystemReader reader(file, builder, source, sink);
  reader.read_concepts(resource, 0);
  reader.link_named_parents();
  sources.code_systems.push_back(std::move(source));
}

}  // namespace vigil
