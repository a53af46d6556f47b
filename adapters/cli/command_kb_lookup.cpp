// SPDX-License-Identifier: Apache-2.0
// `vigil kb lookup`: what is known of a drug or another concept, and of value sets.
#include <CLI/CLI.hpp>
#include <ostream>

#include "cli/command_kb.h"
#include "cli/nearest_name.h"
#include "cli/options.h"
#include "cli/write_json.h"
#include "knowledge/look_up_concept.h"

namespace vigil::cli {
namespace {

constexpr const char* kFooter = R"(Examples:
  vigil kb lookup warfarin 855332
  vigil kb lookup "http://snomed.info/sct|373270004" --format json
  vigil kb lookup NSAIDs ibuprofen warfarin                    which of the two the value set holds

Exits with 1 where a code or name resolves to nothing.
)";

std::string name_of(const KnowledgeBase& knowledge, ConceptId id) {
  const ConceptInfo info = knowledge.concept_info(id);
  if (info.display.empty()) return std::string(info.code);
  return std::string(info.display).append(" (").append(info.code).append(")");
}

Json to_json(const KnowledgeBase& knowledge, ConceptId id) {
  const ConceptInfo info = knowledge.concept_info(id);
  return {{"system", info.system}, {"code", info.code}, {"display", info.display}};
}

Json to_json(const KnowledgeBase& knowledge, const ConceptReport& report) {
  Json json = to_json(knowledge, report.id);
  for (size_t i = 0; i < kRelationKinds; ++i) {
    Json list = Json::array();
    for (const ConceptId id : report.related[i]) list.push_back(to_json(knowledge, id));
    json[std::string(relation_name(static_cast<Relation>(i)))] = std::move(list);
  }
  json["states no allergy"] = report.states_no_allergy;
  json["value sets"] = Json::array();
  for (const uint32_t i : report.value_sets)
    json["value sets"].push_back({{"url", knowledge.value_set(i).url}, {"name", knowledge.value_set(i).name}});
  json["pairs"] = Json::array();
  for (const PairCount& each : report.pairs)
    json["pairs"].push_back({{"table", each.table}, {"pairs", each.pairs}, {"tiers", each.tiers}});
  return json;
}

void write_text(const Console& console, const KnowledgeBase& knowledge, const ConceptReport& report) {
  std::ostream& out = console.out;
  out << paint(name_of(knowledge, report.id), Paint::kBold, console.colour_out) << "\n  system: " << report.info.system
      << '\n';
  if (report.states_no_allergy) out << "  states that there is no allergy\n";
  for (size_t i = 0; i < kRelationKinds; ++i) {
    const char* separator = ": ";
    if (report.related[i].empty()) continue;
    out << "  " << relation_name(static_cast<Relation>(i));
    for (const ConceptId id : report.related[i]) {
      out << separator << name_of(knowledge, id);
      separator = ", ";
    }
    out << '\n';
  }
  for (const uint32_t i : report.value_sets)
    out << "  in value set: " << knowledge.value_set(i).name << " (" << knowledge.value_set(i).url << ")\n";
  for (const PairCount& each : report.pairs) {
    out << "  " << each.table << ": " << counted(each.pairs, "pair");
    const char* separator = ": ";
    for (const auto& [tier, count] : each.tiers) {
      out << separator << count << ' ' << (tier.empty() ? "without tier" : tier);
      separator = ", ";
    }
    out << '\n';
  }
}

/// One value set, and which of the concepts that are looked up beside it it holds.
struct ValueSetReport {
  uint32_t index = 0;
  const ValueSetSource* source = nullptr;
  std::vector<ConceptId> holds;
  std::vector<ConceptId> lacks;
};

ValueSetReport describe_value_set(const KnowledgeInventory& inventory, uint32_t index,
                                  const std::vector<ConceptId>& asked) {
  const ValueSetInfo info = inventory.knowledge->value_set(index);
  ValueSetReport report;
  report.index = index;
  for (const auto& each : inventory.sources.terminology.value_sets)
    if (each.url == info.url && each.version == info.version) report.source = &each;
  for (const ConceptId id : asked)
    (inventory.knowledge->is_member(index, id) ? report.holds : report.lacks).push_back(id);
  return report;
}

Json to_json(const KnowledgeBase& knowledge, const ValueSetReport& report) {
  const ValueSetInfo info = knowledge.value_set(report.index);
  Json json = {{"url", info.url}, {"version", info.version}, {"name", info.name}, {"codes", info.member_count}};
  if (report.source != nullptr) {
    json["source"] = report.source->provenance.source;
    json["licence"] = report.source->provenance.licence;
    json["place"] = report.source->place;
  }
  json["holds"] = json["lacks"] = Json::array();
  for (const ConceptId id : report.holds) json["holds"].push_back(to_json(knowledge, id));
  for (const ConceptId id : report.lacks) json["lacks"].push_back(to_json(knowledge, id));
  return json;
}

void write_text(const Console& console, const KnowledgeBase& knowledge, const ValueSetReport& report) {
  std::ostream& out = console.out;
  const ValueSetInfo info = knowledge.value_set(report.index);
  out << paint(info.name.empty() ? info.url : info.name, Paint::kBold, console.colour_out) << "\n  value set of "
      << counted(info.member_count, "code") << ": " << info.url
      << (info.version.empty() ? "" : ", version " + std::string(info.version)) << '\n';
  if (report.source != nullptr)
    out << "  source: " << (report.source->provenance.source.empty() ? "not stated" : report.source->provenance.source)
        << " (" << report.source->place << ")\n";
  for (const ConceptId id : report.holds) out << "  holds " << name_of(knowledge, id) << '\n';
  for (const ConceptId id : report.lacks) out << "  does not hold " << name_of(knowledge, id) << '\n';
}

class KbLookupCommand : public Command {
 public:
  explicit KbLookupCommand(CLI::App& app) : Command(app) {
    app.footer(kFooter);
    app.add_option("concept", texts_,
                   "Codes, of any code system or as SYSTEM|CODE, value sets by URL, and names of both")
        ->type_name("CODE|URL|NAME")
        ->required();
    add_knowledge_base_option(app, path_, "--knowledge");
    add_format_option(app, format_, {"text", "json"});
  }

  int run(const Console& console) override {
    DiagnosticSink sink;
    const auto inventory = read_knowledge_base(path_, sink);
    report(console, sink);
    if (!inventory || sink.has_errors()) return kWrongUse;
    const KnowledgeBase& knowledge = *inventory->knowledge;
    Json json = Json::array();
    const auto tell = [&](const auto& described) {
      if (format_ == "json")
        json.push_back(to_json(knowledge, described));
      else
        write_text(console, knowledge, described);
    };
    int code = kClean;
    for (const std::string& text : texts_) {
      const auto concepts = find_concepts(knowledge, text);
      const auto value_sets = find_value_sets(knowledge, text);
      for (const ConceptId id : concepts) tell(describe_concept(knowledge, id));
      for (const uint32_t index : value_sets)
        tell(describe_value_set(*inventory, index, concepts_beside(knowledge, text)));
      if (!concepts.empty() || !value_sets.empty()) continue;
      code = kFindings;
      const auto error = plain_error("`" + text + "` resolves to nothing in the knowledge base",
                                     did_you_mean(text, known_names(knowledge)));
      report(console, {&error, 1});
    }
    if (format_ == "json") console.out << to_text(json, true) << '\n';
    return code;
  }

 private:
  /// Those of the other texts.
  std::vector<ConceptId> concepts_beside(const KnowledgeBase& knowledge, const std::string& text) const {
    std::vector<ConceptId> beside;
    for (const std::string& other : texts_)
      if (other != text)
        for (const ConceptId id : find_concepts(knowledge, other)) beside.push_back(id);
    return beside;
  }

  std::vector<std::string> texts_;
  std::string path_;
  std::string format_;
};

}  // namespace

std::unique_ptr<Command> make_kb_lookup_command(CLI::App& kb) {
  return std::make_unique<KbLookupCommand>(
      *kb.add_subcommand("lookup", "Show what is known of a code, a name or a value set"));
}

}  // namespace vigil::cli
