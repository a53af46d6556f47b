// SPDX-License-Identifier: Apache-2.0
// `vigil eval`: the values of definitions, or of one expression.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <ostream>
#include <set>

#include "cli/command.h"
#include "cli/load_patients.h"
#include "cli/load_rules.h"
#include "cli/nearest_name.h"
#include "cli/select_definitions.h"
#include "cli/write_values.h"

namespace vigil::cli {
namespace {

constexpr const char* kFooter = R"(Examples:
  vigil eval --expression 'AgeInYears() >= 40' --patient patient.json
  vigil eval measure.cql --include libraries --valuesets valuesets --patient patients/
  vigil eval measure.cql --define 'Initial*' --parameter 'Measurement Period=Interval[@2026-01-01, @2026-12-31]'
  vigil eval rules.cql --define 'R[0-9]*' --patient patients/ --format tsv
                          a line a patient: its file, a tab, the definitions that are true

Exits with 3 where a definition failed or data could not be read. A damaged
resource alone is left out with a warning: what depends on it is not known.
)";

constexpr std::string_view kExpressionName = "expression";

class EvalCommand : public Command {
 public:
  explicit EvalCommand(CLI::App& app) : Command(app) {
    app.footer(kFooter);
    auto* library =
        app.add_option("library", libraries_, "CQL or rule files whose definitions to evaluate")->type_name("LIBRARY");
    app.add_option("--expression", expression_, "Evaluate this in place of a library")
        ->type_name("EXPR")
        ->excludes(library);
    add_include_option(app, includes_);
    add_patient_options(app, patients_, /*required=*/false);
    app.add_option("--define", defines_, "Only definitions whose name matches; repeatable")
        ->type_name("GLOB")
        ->allow_extra_args(false);
    add_assignment_option(app, "--parameter", parameters_, "NAME=EXPR", "Value of a parameter, as CQL; repeatable");
    add_knowledge_options(app, knowledge_);
    add_format_option(app, format_, {"text", "json", "tsv"});
  }

  int run(const Console& console) override {
    if (libraries_.empty() && expression_.empty())
      return wrong_use(console, "eval needs a library or --expression", "see vigil eval --help");
    if (format_ == "tsv" && patients_.paths.empty())
      return wrong_use(console, "--format tsv prints a line a patient", "add --patient FILE|DIR");
    DiagnosticSink sink;
    const auto now = resolve_now(patients_.now, sink);
    report(console, sink);
    const auto texts = read_texts(console);
    if (!now || !texts) return kWrongUse;
    CompileOptions options;
    options.parameters = split_assignments(parameters_);
    options.observe_definitions = format_ != "tsv";
    const auto compilation = load_rulebook(console, *texts, knowledge_, std::move(options));
    if (!compilation) return kWrongUse;
    const auto& rulebook = *compilation->rulebook;
    const auto chosen = select_definitions(rulebook, texts->main_names(), defines_);
    if (chosen.empty()) return report_no_match(console, rulebook, texts->main_names());
    return evaluate(console, rulebook, chosen, *now);
  }

 private:
  std::optional<RuleTexts> read_texts(const Console& console) const {
    auto texts = read_rule_texts(console, libraries_, includes_);
    if (!texts || expression_.empty()) return texts;
    texts->texts.push_back(
        {std::string(kExpressionName),
         "using FHIR version '4.0.1' context Patient define \"expression\":\n" + expression_ + "\n"});
    texts->main_count = texts->texts.size();
    return texts;
  }

  int report_no_match(const Console& console, const Rulebook& rulebook, const std::set<std::string>& main) const {
    std::vector<std::string> names;
    for (const uint32_t i : select_definitions(rulebook, main, {})) names.push_back(rulebook.definitions()[i].name);
    if (names.empty()) return wrong_use(console, "the library holds no definition");
    return wrong_use(console, "no definition matches --define " + defines_.front(),
                     did_you_mean(defines_.front(), names));
  }

  int evaluate(const Console& console, const Rulebook& rulebook, const std::vector<uint32_t>& chosen,
               const Temporal& now) const {
    static const std::map<std::string, ValueWriter::Format> kFormats = {
        {"text", ValueWriter::Format::kText}, {"json", ValueWriter::Format::kJson}, {"tsv", ValueWriter::Format::kTsv}};
    ValueWriter writer(console.out, rulebook, kFormats.at(format_), /*only_value=*/!expression_.empty());
    Evaluator evaluator(rulebook);
    PatientLoader loader(rulebook, now);
    std::set<std::string> reported;
    const auto evaluate_one = [&](std::optional<std::string_view> patient) {
      const auto results = evaluator.evaluate_definitions(loader.snapshot(), now, chosen);
      writer.write(patient, results);
      for (const auto& result : results)
        if (result.error && reported.insert(render_text(*result.error, rulebook.sources())).second)
          report(console, {&*result.error, 1}, rulebook.sources());
    };
    int code = kClean;
    if (patients_.paths.empty()) {
      loader.load_nothing();
      evaluate_one(std::nullopt);
    } else {
      code = for_each_patient(console, rulebook, patients_.paths, loader,
                              [&](const PatientSource& source, Progress& progress) {
                                progress.clear();
                                evaluate_one(source.name);
                              });
    }
    if (code != kWrongUse) writer.finish(!patients_.paths.empty());
    return reported.empty() ? code : kFailure;
  }

  std::vector<std::string> libraries_;
  std::string expression_;
  std::vector<std::string> includes_;
  PatientOptions patients_;
  std::vector<std::string> defines_;
  std::vector<std::string> parameters_;
  KnowledgeOptions knowledge_;
  std::string format_;
};

}  // namespace

std::unique_ptr<Command> make_eval_command(CLI::App& program) {
  return std::make_unique<EvalCommand>(*program.add_subcommand("eval", "Evaluate definitions, or an expression"));
}

}  // namespace vigil::cli
