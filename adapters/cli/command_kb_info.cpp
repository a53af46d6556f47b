// SPDX-License-Identifier: Apache-2.0
// `vigil kb info`: what a knowledge base holds, from where and on what terms.
#include <CLI/CLI.hpp>
#include <ostream>

#include "cli/command_kb.h"
#include "cli/options.h"
#include "cli/write_json.h"
#include "crypto/hashes.h"
#include "knowledge/look_up_concept.h"

namespace vigil::cli {
namespace {

constexpr const char* kFooter = R"(Examples:
  vigil kb info
  vigil kb info --knowledge my-knowledge --format json
)";

size_t count_rows(const KnowledgeBase& knowledge, Relation relation) {
  size_t rows = 0;
  for (ConceptId id = 1; id <= knowledge.concept_count(); ++id) rows += knowledge.related(relation, id).size();
  return rows;
}

Json with_provenance(Json json, const Provenance& provenance) {
  json["source"] = provenance.source;
  json["version"] = provenance.version;
  json["licence"] = provenance.licence;
  json["date"] = provenance.date;
  return json;
}

Json to_json(const KnowledgeInventory& inventory) {
  const KnowledgeSources& sources = inventory.sources;
  const KnowledgeBase& knowledge = *inventory.knowledge;
  Json json = {{"name", sources.name},
               {"version", sources.version},
               {"date", sources.date},
               {"digest", crypto::to_hex(knowledge.digest())},
               {"codes", knowledge.concept_count()}};
  json["tables"] = Json::array();
  for (const LoadedTable& each : sources.tables)
    json["tables"].push_back(with_provenance(
        {{"name", each.source.name}, {"role", table_role_name(each.source.role)}, {"rows", each.lines.size()}},
        each.source.provenance));
  json["code_systems"] = Json::array();
  for (const CodeSystemSource& each : sources.terminology.code_systems)
    json["code_systems"].push_back(
        with_provenance({{"name", each.name}, {"url", each.url}, {"codes", each.codes.size()}}, each.provenance));
  json["value_sets"] = Json::array();
  for (const ValueSetSource& each : sources.terminology.value_sets) {
    const auto held = knowledge.find_value_set(each.url, each.version);
    json["value_sets"].push_back(
        with_provenance({{"name", each.name}, {"url", each.url}, {"codes", held ? knowledge.members(*held).size() : 0}},
                        each.provenance));
  }
  json["relations"] = Json::array();
  for (size_t i = 0; i < kRelationKinds; ++i) {
    const auto relation = static_cast<Relation>(i);
    json["relations"].push_back({{"name", relation_name(relation)}, {"rows", count_rows(knowledge, relation)}});
  }
  return json;
}

std::string or_none(const std::string& text) { return text.empty() ? "not stated" : text; }

/// The entries of one list, each with its count and where it is from.
void write_list(const Console& console, const Json& list, const std::string& heading, const char* one) {
  const std::string counts = std::string(one) + 's';
  if (list.empty()) return;
  console.out << '\n' << paint(heading, Paint::kBold, console.colour_out) << '\n';
  for (const Json& each : list) {
    const std::string name = each.at("name");
    const std::string url = each.value("url", "");
    console.out << "  " << (name.empty() ? url : name) << (name.empty() || url.empty() ? "" : " (" + url + ")") << ": "
                << counted(each.at(counts).get<size_t>(), one);
    if (each.contains("source")) {
      const std::string version = each.at("version");
      const std::string date = each.at("date");
      if (!version.empty()) console.out << ", version " << version;
      if (!date.empty()) console.out << ", " << date;
      console.out << "\n      source: " << or_none(each.at("source"))
                  << "\n      licence: " << or_none(each.at("licence"));
    }
    console.out << '\n';
  }
}

class KbInfoCommand : public Command {
 public:
  explicit KbInfoCommand(CLI::App& app) : Command(app) {
    app.footer(kFooter);
    add_knowledge_base_option(app, path_, "knowledge,--knowledge");
    add_format_option(app, format_, {"text", "json"});
  }

  int run(const Console& console) override {
    DiagnosticSink sink;
    const auto inventory = read_knowledge_base(path_, sink);
    report(console, sink);
    if (!inventory) return kWrongUse;
    const Json json = to_json(*inventory);
    if (format_ == "json") {
      console.out << to_text(json, true) << '\n';
    } else {
      const KnowledgeSources& sources = inventory->sources;
      console.out << or_none(sources.name) << ", version " << or_none(sources.version) << ", " << or_none(sources.date)
                  << "\ndigest " << json.at("digest").get<std::string>() << ", "
                  << counted(json.at("codes").get<size_t>(), "code") << '\n';
      write_list(console, json.at("tables"), "Tables", "row");
      write_list(console, json.at("relations"), "Relations, as closed by the engine", "row");
      write_list(console, json.at("code_systems"), "Code systems", "code");
      write_list(console, json.at("value_sets"), "Value sets", "code");
    }
    return sink.has_errors() ? kWrongUse : kClean;
  }

 private:
  std::string path_;
  std::string format_;
};

}  // namespace

std::unique_ptr<Command> make_kb_info_command(CLI::App& kb) {
  return std::make_unique<KbInfoCommand>(*kb.add_subcommand("info", "Show what a knowledge base holds"));
}

}  // namespace vigil::cli
