// SPDX-License-Identifier: Apache-2.0
// `vigil bench`: what one patient costs, beside the cost of only parsing the same bytes.
#include <CLI/CLI.hpp>
#include <iomanip>
#include <ostream>
#include <sstream>

#include "cli/bench.h"
#include "cli/command.h"
#include "cli/load_patients.h"
#include "cli/load_rules.h"
#include "cli/select_definitions.h"
#include "cli/write_json.h"

namespace vigil::cli {
namespace {

constexpr const char* kFooter = R"(Examples:
  vigil bench rules --patient patients/
  vigil bench rules --patient patients/ --hook order-sign --repeat 101 --format json
  vigil bench measure.cql --define 'R*' --valuesets valuesets --patient patients/
  vigil bench rules --table 'Interactions=ddi-20000.json' --patient patients/

Times are medians over the repeats, then means over the patients. Pin it to a core (taskset -c 0): unpinned figures mislead.
)";

constexpr uint32_t kMostRepeats = 1'000'000;

Json row_to_json(const BenchRow& row) {
  return {{"name", row.name},
          {"bytes", row.bytes},
          {"read_us", row.read_us},
          {"evaluate_us", row.evaluate_us},
          {"whole_us", row.whole_us},
          {"parse_limit_us", row.parse_limit_us},
          {"whole_over_limit", row.parse_limit_us > 0 ? row.whole_us / row.parse_limit_us : 0}};
}

class BenchCommand : public Command {
 public:
  explicit BenchCommand(CLI::App& app) : Command(app) {
    app.footer(kFooter);
    app.add_option("rules", rules_, "Rule files, and folders of *.vigil and *.cql")->type_name("RULES");
    add_include_option(app, includes_);
    add_patient_options(app, patients_, /*required=*/true);
    app.add_option("--repeat", repeats_, "How often each patient is evaluated")
        ->check(CLI::Range(1u, kMostRepeats))
        ->capture_default_str();
    app.add_option("--define", defines_, "Where there are no rules: only Boolean definitions that match; repeatable")
        ->type_name("GLOB")
        ->allow_extra_args(false);
    add_hook_option(app, hook_);
    add_assignment_option(app, "--parameter", parameters_, "NAME=EXPR", "Value of a parameter, as CQL; repeatable");
    add_knowledge_options(app, knowledge_);
    add_format_option(app, format_, {"text", "json"});
  }

  int run(const Console& console) override {
    if (rules_.empty())
      return wrong_use(console, "bench needs rules", "name them before --patient: vigil bench RULES --patient FILE");
    DiagnosticSink sink;
    const auto now = resolve_now(patients_.now, sink);
    report(console, sink);
    const auto texts = read_rule_texts(console, rules_, includes_);
    if (!now || !texts) return kWrongUse;
    CompileOptions options;
    options.parameters = split_assignments(parameters_);
    const auto compilation = load_rulebook(console, *texts, knowledge_, std::move(options));
    if (!compilation) return kWrongUse;
    const auto& rulebook = *compilation->rulebook;
    BenchPlan plan{hook_, select_booleans(rulebook, *texts), repeats_};
    if (rulebook.rules().empty() && plan.definitions.empty())
      return wrong_use(console, "there is neither a rule nor a Boolean definition to evaluate", "look at --define");
    return measure(console, rulebook, plan, *now);
  }

 private:
  std::vector<uint32_t> select_booleans(const Rulebook& rulebook, const RuleTexts& texts) const {
    auto selected = select_definitions(rulebook, texts.main_names(), defines_);
    std::erase_if(selected, [&](uint32_t i) {
      const auto& type = rulebook.definitions()[i].type;
      return type != "Boolean" && type != "System.Boolean";
    });
    return selected;
  }

  int measure(const Console& console, const Rulebook& rulebook, const BenchPlan& plan, const Temporal& now) const {
    DiagnosticSink sink;
    const auto files = PatientFiles::find(patients_.paths, rulebook.read_plan(), sink);
    std::vector<BenchInput> inputs;
    for (const auto& source : files.sources()) {
      if (source.path.empty())
        inputs.push_back({source.name, join_lines(source.lines)});
      else if (auto bytes = fhir::read_file(source.path, {}, sink))
        inputs.push_back({source.name, std::move(*bytes)});
    }
    report(console, sink);
    if (inputs.empty()) return wrong_use(console, "there is no patient in the data given");
    DiagnosticSink data_sink;
    const auto rows = run_bench(rulebook, inputs, now, plan, data_sink);
    report(console, data_sink);
    if (format_ == "json")
      write_json(console, rows);
    else
      write_text(console, rows);
    return sink.has_errors() || data_sink.has_errors() ? kFailure : kClean;
  }

  void write_json(const Console& console, const std::vector<BenchRow>& rows) const {
    const auto summary = summarise(rows);
    Json json{{"read_us", summary.mean.read_us},
              {"evaluate_us", summary.mean.evaluate_us},
              {"whole_us", summary.mean.whole_us},
              {"parse_limit_us", summary.mean.parse_limit_us},
              {"whole_over_limit", summary.whole_over_limit},
              {"patients_per_s", summary.patients_per_s},
              {"peak_rss_mb", summary.peak_rss_mb},
              {"repeats", repeats_},
              {"patients", Json::array()}};
    for (const auto& row : rows) json["patients"].push_back(row_to_json(row));
    console.out << to_text(json, /*indented=*/true) << '\n';
  }

  static void write_text(const Console& console, const std::vector<BenchRow>& rows) {
    const auto summary = summarise(rows);
    std::ostringstream out;
    out << std::fixed << std::setprecision(2) << std::right;
    const auto line = [&](const BenchRow& row) {
      out << std::setw(10) << row.bytes << std::setw(11) << row.read_us << std::setw(11) << row.evaluate_us
          << std::setw(11) << row.whole_us << std::setw(11) << row.parse_limit_us << std::setw(8)
          << (row.parse_limit_us > 0 ? row.whole_us / row.parse_limit_us : 0) << "  " << row.name << '\n';
    };
    out << "     bytes    read us    eval us   whole us   parse us   ratio  patient\n";
    for (const auto& row : rows) line(row);
    line(summary.mean);
    out << std::setprecision(0) << summary.patients_per_s << " patients/s on one core, " << summary.peak_rss_mb
        << " MB at most\n";
    console.out << out.str();
  }

  std::vector<std::string> rules_;
  std::vector<std::string> includes_;
  PatientOptions patients_;
  uint32_t repeats_ = 21;
  std::vector<std::string> defines_;
  std::string hook_;
  std::vector<std::string> parameters_;
  KnowledgeOptions knowledge_;
  std::string format_;
};

}  // namespace

std::unique_ptr<Command> make_bench_command(CLI::App& program) {
  return std::make_unique<BenchCommand>(*program.add_subcommand("bench", "Measure what evaluating a patient costs"));
}

}  // namespace vigil::cli
