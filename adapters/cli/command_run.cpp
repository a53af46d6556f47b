// SPDX-License-Identifier: Apache-2.0
// `vigil run`: the alerts that rules raise for patients.
#include <CLI/CLI.hpp>
#include <ostream>

#include "cli/command.h"
#include "cli/load_patients.h"
#include "cli/load_rules.h"
#include "cli/write_json.h"
#include "cli/write_text.h"
#include "packs/site_overlay.h"

namespace vigil::cli {
namespace {

constexpr const char* kFooter = R"(Examples:
  vigil run rules --patient patient.json                       its draft requests are the orders
  vigil run rules --patient patient.json --order ibuprofen.json
  vigil run rules --patient patients/ --format ndjson          a line a patient
  vigil run rules --patient patient.json --explain             why, and why not
  vigil run rules --patient patient.json --reorder-active      as if each active order were placed anew
  vigil run rules --patient patient.json --hook patient-view --now 2026-11-22
  vigil run rules --patient patients/ --overlay site.json      with the site's own tiers and silences
  vigil run rules --patient patient.json --audience patient --language de

Exits with 0 whatever alerts there are, and with 3 where a rule failed or data could not be read. A damaged
resource alone is left out with a warning: what depends on it is unknown, and says so.
)";

class RunCommand : public Command {
 public:
  explicit RunCommand(CLI::App& app) : Command(app) {
    app.footer(kFooter);
    app.add_option("rules", rules_, "Rule files, and folders of *.vigil and *.cql")->type_name("RULES");
    add_include_option(app, includes_);
    add_patient_options(app, patients_, /*required=*/true);
    add_hook_option(app, hook_);
    auto* order =
        app.add_option("--order", orders_, "FHIR JSON of requests to review as drafts, for each patient; repeatable")
            ->type_name("FILE")
            ->allow_extra_args(false);
    app.add_flag("--reorder-active", reorders_active_,
                 "Review each active order of the patient as if it were placed anew")
        ->excludes(order);
    add_assignment_option(app, "--parameter", parameters_, "NAME=EXPR", "Value of a parameter, as CQL; repeatable");
    add_knowledge_options(app, knowledge_);
    app.add_option("--overlay", overlay_file_, "What the site changes in what rules raise, as JSON")->type_name("FILE");
    add_format_option(app, format_, {"text", "json", "ndjson"});
    app.add_option("--audience", choice_.audience, "Whom texts speak to, where rules have a text for it: patient")
        ->type_name("WORD");
    app.add_option("--language", choice_.language, "Language of texts, where rules have one in it: de, de-AT")
        ->type_name("TAG");
    app.add_flag("--explain", explain_, "Show why each rule came out as it did");
  }

  int run(const Console& console) override {
    if (rules_.empty())
      return wrong_use(console, "run needs rules", "name them before --patient: vigil run RULES --patient FILE");
    DiagnosticSink sink;
    const auto now = resolve_now(patients_.now, sink);
    report(console, sink);
    const auto texts = read_rule_texts(console, rules_, includes_);
    if (!now || !texts) return kWrongUse;
    CompileOptions options;
    options.parameters = split_assignments(parameters_);
    const auto compilation = load_rulebook(console, *texts, knowledge_, std::move(options));
    if (!compilation || !load_overlay(console, overlay_file_, *compilation->rulebook, overlay_)) return kWrongUse;
    return run_patients(console, *compilation->rulebook, *now);
  }

 private:
  int run_patients(const Console& console, const Rulebook& rulebook, const Temporal& now) const {
    PatientLoader loader(rulebook, now);
    DiagnosticSink sink;
    loader.read_orders(orders_, sink);
    report(console, sink);
    if (sink.has_errors()) return kFailure;
    EvaluateOptions options;
    options.explain = explain_;
    Evaluator evaluator(rulebook, options);
    ReportTotals totals;
    size_t kept_by_floor = 0;
    const int code = for_each_patient(
        console, rulebook, patients_.paths, loader, [&](const PatientSource& source, Progress& progress) {
          const auto patient_report = evaluate_patient(source.name, loader, rulebook, evaluator, now, kept_by_floor);
          progress.clear();
          write(console, patient_report, rulebook, totals.patients == 0);
          for (const auto& failed : patient_report.failed()) report(console, {&failed.error, 1}, rulebook.sources());
          totals.add(patient_report);
        });
    if (format_ == "json" && code != kWrongUse) console.out << (totals.patients == 0 ? "[]\n" : "\n]\n");
    if (format_ == "text" && totals.patients > 1) write_totals(console.out, totals, {console.colour_out, explain_});
    if (kept_by_floor > 0)
      console.err << counted(kept_by_floor, "finding")
                  << " of the ONC high-priority list kept: the overlay does not acknowledge the floor\n";
    return totals.failed > 0 ? kFailure : code;
  }

  PatientReport evaluate_patient(const std::string& name, const PatientLoader& loader, const Rulebook& rulebook,
                                 Evaluator& evaluator, const Temporal& now, size_t& kept_by_floor) const {
    const auto active = reorders_active_ ? loader.active_orders() : std::vector<ResourceReference>();
    const bool has_orders = reorders_active_ ? !active.empty() : loader.has_orders();
    Trigger trigger;
    trigger.hook = !hook_.empty() ? hook_ : has_orders ? "order-sign" : "patient-view";
    PatientReport patient_report(name, trigger.hook);
    const AlertHistory history;
    const auto evaluate_once = [&] {
      auto outcome = evaluator.evaluate(loader.snapshot(), trigger, history, now);
      if (overlay_) kept_by_floor += apply_overlay(*overlay_, rulebook, now, outcome).kept_by_floor;
      patient_report.add(outcome, raise(rulebook, outcome, trigger, history, now, choice_));
    };
    if (active.empty()) {
      trigger.orders = loader.orders();
      evaluate_once();
    }
    for (const auto& order : active) {
      trigger.orders = {order};
      evaluate_once();
    }
    return patient_report;
  }

  void write(const Console& console, const PatientReport& patient_report, const Rulebook& rulebook,
             bool is_first) const {
    if (format_ == "text") {
      if (!is_first) console.out << '\n';
      write_report(console.out, patient_report, rulebook, {console.colour_out, explain_});
    } else if (format_ == "ndjson") {
      console.out << to_text(report_to_json(patient_report, rulebook, explain_), /*indented=*/false) << '\n';
    } else {
      // JSON text holds no line ends but those of its layout.
      const auto text = to_text(report_to_json(patient_report, rulebook, explain_), /*indented=*/true);
      console.out << (is_first ? "[\n  " : ",\n  ");
      for (const char c : text) console.out << c << (c == '\n' ? "  " : "");
    }
  }

  std::vector<std::string> rules_;
  std::vector<std::string> includes_;
  PatientOptions patients_;
  std::string hook_;
  std::vector<std::string> orders_;
  bool reorders_active_ = false;
  std::vector<std::string> parameters_;
  KnowledgeOptions knowledge_;
  std::string format_;
  TextChoice choice_;
  bool explain_ = false;
  std::string overlay_file_;
  std::optional<SiteOverlay> overlay_;
};

}  // namespace

std::unique_ptr<Command> make_run_command(CLI::App& program) {
  return std::make_unique<RunCommand>(*program.add_subcommand("run", "Show the alerts that rules raise for patients"));
}

}  // namespace vigil::cli
