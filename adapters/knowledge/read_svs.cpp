// SPDX-License-Identifier: Apache-2.0
// Tags of an SVS response to value sets.
#include "knowledge/read_svs.h"

#include <algorithm>
#include <array>
#include <utility>

#include "knowledge/xml_tags.h"

namespace vigil {

namespace {

constexpr std::string_view kValueSetBase = "http://cts.nlm.nih.gov/fhir/ValueSet/";

/// hl7.org/fhir/R4/terminologies-systems.html
constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kSystems = {{
    {"2.16.840.1.113883.6.1", "http://loinc.org"},
    {"2.16.840.1.113883.6.8", "http://unitsofmeasure.org"},
    {"2.16.840.1.113883.6.12", "http://www.ama-assn.org/go/cpt"},
    {"2.16.840.1.113883.6.69", "http://hl7.org/fhir/sid/ndc"},
    {"2.16.840.1.113883.6.88", "http://www.nlm.nih.gov/research/umls/rxnorm"},
    {"2.16.840.1.113883.6.90", "http://hl7.org/fhir/sid/icd-10-cm"},
    {"2.16.840.1.113883.6.96", "http://snomed.info/sct"},
    {"2.16.840.1.113883.6.103", "http://hl7.org/fhir/sid/icd-9-cm"},
    {"2.16.840.1.113883.12.292", "http://hl7.org/fhir/sid/cvx"},
    {"2.16.840.1.113883.4.9", "http://fdasis.nlm.nih.gov"},
}};

class SvsReader {
 public:
  SvsReader(const TextFile& file, std::string_view terms, KnowledgeBaseBuilder& builder, TerminologySources& sources,
            DiagnosticSink& sink)
      : file_(file), terms_(terms), builder_(builder), sources_(sources), sink_(sink) {}

  void read() {
    XmlTags tag(file_.text());
    while (tag.next()) {
      if (tag.is_end()) {
        if (is_value_set(tag.name())) current_ = nullptr;
      } else if (is_value_set(tag.name())) {
        begin(tag);
      } else if (tag.name() == "Concept") {
        add(tag);
      } else if (current_ != nullptr && tag.name() == "Source") {
        current_->provenance.source = tag.text_behind();
      } else if (current_ != nullptr && tag.name() == "RevisionDate") {
        current_->provenance.date = tag.text_behind();
      }
    }
    if (tag.is_broken()) report(tag.offset(), "a tag is not closed");
    if (!is_svs_) sink_.add(data_diagnostic("VGL1101", file_.name(), {file_.name(), "it holds no value set of SVS"}));
  }

 private:
  static bool is_value_set(std::string_view name) { return name == "ValueSet" || name == "DescribedValueSet"; }

  void begin(const XmlTags& tag) {
    is_svs_ = true;
    std::string oid = tag.attribute("ID");
    if (oid.empty()) oid = tag.attribute("id");
    if (oid.empty()) {
      current_ = nullptr;
      return report(tag.offset(), "a value set has no ID");
    }
    current_ = &sources_.value_sets.emplace_back();
    current_->url = std::string(kValueSetBase) + oid;
    current_->version = tag.attribute("version");
    current_->name = tag.attribute("displayName");
    current_->provenance.version = current_->version;
    current_->provenance.licence = terms_;
    current_->place = file_.place_of(tag.offset());
    current_->expanded = true;
  }

  void add(const XmlTags& tag) {
    if (current_ == nullptr) return;
    const std::string system = tag.attribute("codeSystem");
    const ConceptId id = system.empty() ? 0
                                        : builder_.intern(code_system_of_oid(system), tag.attribute("code"),
                                                          tag.attribute("displayName"));
    if (id == 0) return report(tag.offset(), "a concept has no code or no code system");
    current_->members.push_back(id);
  }

  void report(size_t offset, std::string_view why) {
    const size_t line = file_.line_of(offset);
    sink_.add(data_diagnostic("VGL1110", file_.place(line), {std::to_string(line), why}));
  }

  const TextFile& file_;
  std::string_view terms_;
  KnowledgeBaseBuilder& builder_;
  TerminologySources& sources_;
  DiagnosticSink& sink_;
  ValueSetSource* current_ = nullptr;
  bool is_svs_ = false;
};

}  // namespace

std::string code_system_of_oid(std::string_view oid) {
  if (oid.starts_with("urn:oid:")) oid.remove_prefix(std::string_view("urn:oid:").size());
  const auto* const at = std::ranges::find(kSystems, oid, [](const auto& each) { return each.first; });
  return at == kSystems.end() ? "urn:oid:" + std::string(oid) : std::string(at->second);
}

void read_svs(const TextFile& file, std::string_view terms, KnowledgeBaseBuilder& builder, TerminologySources& sources,
              DiagnosticSink& sink) {
  SvsReader(file, terms, builder, sources, sink).read();
}

}  // namespace vigil
