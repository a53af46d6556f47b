// SPDX-License-Identifier: Apache-2.0
// `vigil log show` and `vigil log feedback`: rows as JSON, one a line.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cds-hooks/service/parse_url.h"
#include "cli/command_log.h"
#include "cli/options.h"
#include "decision-log/audit_event.h"
#include "decision-log/log_entry.h"
#include "decision-log/record_reader.h"
#include "decision-log/sealed_text.h"

namespace vigil::cli {
namespace {

using Json = nlohmann::ordered_json;
using decision_log::LogRow;
using decision_log::RowKind;

Json parsed(std::string_view text) { return text.empty() ? Json() : Json::parse(text, nullptr, false); }

Json open_part(const LogRow& row) {
  Json json{{"number", row.number}, {"kind", decision_log::name(row.kind)}, {"at", row.at}};
  json.update(parsed(row.open));
  return json;
}

constexpr const char* kShowFooter = R"(Examples:
  vigil log show decisions.db --card 4e0a3a1e-3283-4575-ab82-028d55fe2719 --patient-data
  vigil log show decisions.db --format audit-event --server https://cds.example.org

Without --patient-data nothing of a patient is shown as JSON. Audit events are FHIR R4 AuditEvents of IHE's Basic Audit Log
Patterns, one a decision whose patient can be read: they name patients and users.
)";

class ShowCommand : public Command {
 public:
  explicit ShowCommand(CLI::App& app) : Command(app) {
    app.footer(kShowFooter);
    add_log_options(app, options_);
    app.add_option("--request", request_, "Only this request's rows, by its id")->type_name("ID");
    app.add_option("--card", card_, "Only the decision that made this card, and its feedback")->type_name("UUID");
    app.add_option("--from", from_, "From this row on")->type_name("NUMBER");
    app.add_flag("--patient-data", patient_data_, "With patient, facts, alerts and cards");
    add_format_option(app, format_, {"json", "audit-event"});
    app.add_option("--server", server_, "The service's address, which audit events must name")->type_name("URL");
  }

  int run(const Console& console) override {
    if (const auto problem = wrong_server(); !problem.empty())
      return wrong_use(console, problem,
                       "the log does not hold the service's address: say it as clients call it, such "
                       "as https://cds.example.org");
    auto log = open_log(console, options_);
    if (!log) return kWrongUse;
    decision_log::RecordReader records(*log->store, log->keys);
    size_t sealed = 0;
    const auto problem = log->store->each(from_, [&](const LogRow& row) {
      auto json = open_part(row);
      if (!is_wanted(json)) return true;
      if ((patient_data_ || format_ == "audit-event") && log->lacks_key_of(row)) ++sealed;
      if (format_ == "audit-event") {
        if (const auto event = decision_log::to_audit_event(row, log->keys, server_)) console.out << *event << '\n';
        return true;
      }
      if (patient_data_) add_secret(json, row, log->keys, records);
      console.out << json.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
      return true;
    });
    report_sealed(console, sealed);
    return problem.empty() ? kClean : wrong_use(console, data_diagnostic("VGL1213", {}, {problem}));
  }

 private:
  /// Audit events must name the server that was asked (BALP 1.1, Query: agent 110152 with `who` and `network`, and
  /// source.observer), and what they say is evidence: it is never guessed.
  std::string wrong_server() const {
    const bool needs_it = format_ == "audit-event";
    if (server_.empty()) return needs_it ? "audit events need --server" : "";
    if (!needs_it) return "--server is for --format audit-event alone";
    return hooks::parse_url(server_) ? "" : "--server `" + server_ + "` is no address";
  }

  bool is_wanted(const Json& json) const {
    if (!request_.empty() && json.value("request", std::string()) != request_) return false;
    if (card_.empty()) return true;
    for (const auto& card : json.value("cards", Json::array()))
      if (card == card_) return true;
    for (const auto& item : json.value("items", Json::array()))
      if (item.value("card", std::string()) == card_) return true;
    return false;
  }

  static void add_secret(Json& json, const LogRow& row, const decision_log::KeyRing& keys,
                         decision_log::RecordReader& records) {
    const auto secret = decision_log::open_text(row, keys);
    if (!secret) return;
    if (row.kind == RowKind::kFeedback) {
      json["patientData"] = parsed(*secret);
      return;
    }
    const auto parts = decision_log::split_secret(*secret);
    if (!parts) return;
    json["patientData"] = parsed(parts->head);
    const auto record = records.record_of(*parts);
    json["record"] = parsed(record.text);
    if (record.row != 0) json["recordOf"] = record.row;
    json["drafts"] = parsed(parts->drafts);
    json["response"] = parsed(parts->body);
  }

  LogOptions options_;
  std::string request_;
  std::string card_;
  int64_t from_ = 1;
  bool patient_data_ = false;
  std::string format_;
  std::string server_;
};

constexpr const char* kFeedbackFooter =
    R"(One line a card and answer: what the user did, with the user, patient, encounter, location and alert it was about (its
rules, its orders, the hook and the time it was shown at) where the log still holds them and the key is given. Times are
milliseconds since 1970. `vigil replay --feedback` reads these lines.
)";

class FeedbackCommand : public Command {
 public:
  explicit FeedbackCommand(CLI::App& app) : Command(app) {
    app.footer(kFeedbackFooter);
    add_log_options(app, options_);
  }

  int run(const Console& console) override {
    auto log = open_log(console, options_);
    if (!log) return kWrongUse;
    size_t sealed = 0;
    const auto problem = log->store->each(1, [&](const LogRow& row) {
      if (row.kind != RowKind::kFeedback) return true;
      if (log->lacks_key_of(row)) ++sealed;
      write(console, row, log->keys);
      return true;
    });
    report_sealed(console, sealed);
    return problem.empty() ? kClean : wrong_use(console, data_diagnostic("VGL1213", {}, {problem}));
  }

 private:
  static void write(const Console& console, const LogRow& row, const decision_log::KeyRing& keys) {
    const auto secret = decision_log::open_text(row, keys);
    const auto hidden = secret ? parsed(*secret) : Json();
    const auto open = parsed(row.open);
    const auto items = open.value("items", Json::array());
    for (size_t i = 0; i < items.size(); ++i) {
      auto line = items[i];
      line["client"] = open.value("client", std::string());
      line["service"] = open.value("service", std::string());
      if (hidden.is_array() && i < hidden.size()) {
        for (const auto* name : {"reason", "comment"})
          if (hidden[i].contains(name)) line[name] = hidden[i][name];
        if (hidden[i].contains("of")) line.update(hidden[i]["of"]);
      }
      console.out << line.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
    }
  }

  LogOptions options_;
};

}  // namespace

std::unique_ptr<Command> make_log_show_command(CLI::App& log) {
  return std::make_unique<ShowCommand>(*log.add_subcommand("show", "Print rows as JSON, one a line"));
}

std::unique_ptr<Command> make_log_feedback_command(CLI::App& log) {
  return std::make_unique<FeedbackCommand>(
      *log.add_subcommand("feedback", "Print what users did with cards, joined to the decisions"));
}

}  // namespace vigil::cli
