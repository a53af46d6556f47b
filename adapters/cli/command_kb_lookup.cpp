// SPDX-License-Identifier: Apache-2.0
// `vigil kb lookup`: what is known of a drug or another concept.
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

class KbLookupCommand : public Command {
 public:
  explicit KbLookupCommand(CLI::App& app) : Command(app) {
    app.footer(kFooter);
    app.add_option("concept", texts_, "Codes, of any code system or as SYSTEM|CODE, and names")
        ->type_name("CODE|NAME")
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
    int code = kClean;
    for (const std::string& text : texts_) {
      const auto found = find_concepts(knowledge, text);
      for (const ConceptId id : found) {
        const auto described = describe_concept(knowledge, id);
        if (format_ == "json")
          json.push_back(to_json(knowledge, described));
        else
          write_text(console, knowledge, described);
      }
      if (!found.empty()) continue;
      code = kFindings;
      const auto error = plain_error("`" + text + "` resolves to nothing in the knowledge base",
                                     did_you_mean(text, concept_names(knowledge)));
      report(console, {&error, 1});
    }
    if (format_ == "json") console.out << to_text(json, true) << '\n';
    return code;
  }

 private:
  std::vector<std::string> texts_;
  std::string path_;
  std::string format_;
};

}  // namespace

std::unique_ptr<Command> make_kb_lookup_command(CLI::App& kb) {
  return std::make_unique<KbLookupCommand>(*kb.add_subcommand("lookup", "Show what is known of a code or name"));
}

}  // namespace vigil::cli
