// SPDX-License-Identifier: Apache-2.0
// `vigil log show` and `vigil log feedback`: rows as JSON, one a line.
#include <CLI/CLI.hpp>
#include <ostream>
#include <unordered_set>

#include "cds-hooks/service/parse_url.h"
#include "cli/command_log.h"
#include "cli/options.h"
#include "decision-log/audit_event.h"
#include "decision-log/log_entry.h"
#include "decision-log/record_reader.h"
#include "decision-log/row_json.h"
#include "decision-log/sealed_text.h"

namespace vigil::cli {
namespace {

using Json = nlohmann::ordered_json;
using decision_log::list_of;
using decision_log::LogRow;
using decision_log::RowKind;
using decision_log::text_of;

/// Null where there is no text, or it is no JSON, which makes the row unreadable.
Json parsed(std::string_view text, bool& is_readable) {
  if (text.empty()) return {};
  auto json = decision_log::parse_row_text<Json>(text);
  if (!json.is_discarded()) return json;
  is_readable = false;
  return {};
}

/// Its number, kind and time alone, where the rest is not what a log holds.
Json open_part(const LogRow& row, bool& is_readable) {
  Json json{{"number", row.number}, {"kind", decision_log::name(row.kind)}, {"at", row.at}};
  const auto open = decision_log::parse_row_text<Json>(row.open);
  is_readable = open.is_object();
  if (is_readable) json.update(open);
  return json;
}

/// How a command ends that found such rows.
int report_unreadable(const Console& console, size_t rows) {
  if (rows == 0) return kClean;
  const bool is_one = rows == 1;
  console.err << rows << (is_one ? " row does" : " rows do")
              << " not hold what a log writes: `vigil log verify` says whether " << (is_one ? "it was" : "they were")
              << " altered\n";
  return kFindings;
}

constexpr const char* kShowFooter = R"(Examples:
  vigil log show decisions.db --card 4e0a3a1e-3283-4575-ab82-028d55fe2719 --patient-data
  vigil log show decisions.db --format audit-event --server https://cds.example.org

Without --patient-data nothing of a patient is shown as JSON. Audit events are FHIR R4 AuditEvents of IHE's Basic Audit Log
Patterns, one a decision whose patient can be read: they name patients and users.

Exits with 1 where no row names the request or the card, or where a row cannot be read.
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
    size_t unreadable = 0;
    size_t wanted = 0;
    const auto problem = log->store->each(from_, [&](const LogRow& row) {
      bool is_readable = true;
      auto json = open_part(row, is_readable);
      if (is_wanted(json)) {
        ++wanted;
        if ((patient_data_ || format_ == "audit-event") && log->lacks_key_of(row)) ++sealed;
        print(console, std::move(json), row, log->keys, records, is_readable);
      }
      if (!is_readable) ++unreadable;
      return true;
    });
    if (!problem.empty()) return wrong_use(console, data_diagnostic("VGL1213", {}, {problem}));
    report_sealed(console, sealed);
    const int code = report_unreadable(console, unreadable);
    if (wanted > 0 || (request_.empty() && card_.empty())) return code;
    console.err << "no row names " << (request_.empty() ? "" : "the request `" + request_ + "`")
                << (request_.empty() || card_.empty() ? "" : " and ")
                << (card_.empty() ? "" : "the card `" + card_ + "`") << '\n';
    return kFindings;
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
    if (!request_.empty() && text_of(json, "request") != request_) return false;
    if (card_.empty()) return true;
    for (const auto& card : list_of(json, "cards"))
      if (card == card_) return true;
    for (const auto& item : list_of(json, "items"))
      if (text_of(item, "card") == card_) return true;
    return false;
  }

  void print(const Console& console, Json json, const LogRow& row, const decision_log::KeyRing& keys,
             decision_log::RecordReader& records, bool& is_readable) const {
    if (format_ == "audit-event") {
      if (const auto event = decision_log::to_audit_event(row, keys, server_)) console.out << *event << '\n';
      return;
    }
    if (patient_data_) add_secret(json, row, keys, records, is_readable);
    console.out << json.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
  }

  static void add_secret(Json& json, const LogRow& row, const decision_log::KeyRing& keys,
                         decision_log::RecordReader& records, bool& is_readable) {
    const auto secret = decision_log::open_text(row, keys);
    if (!secret) return;
    if (row.kind == RowKind::kFeedback) {
      json["patientData"] = parsed(*secret, is_readable);
      return;
    }
    const auto parts = decision_log::split_secret(*secret);
    if (!parts) return;
    json["patientData"] = parsed(parts->head, is_readable);
    const auto record = records.record_of(*parts);
    json["record"] = parsed(record.text, is_readable);
    if (record.row != 0) json["recordOf"] = record.row;
    json["drafts"] = parsed(parts->drafts, is_readable);
    json["response"] = parsed(parts->body, is_readable);
  }

  LogOptions options_;
  std::string request_;
  std::string card_;
  int64_t from_ = 1;
  bool patient_data_ = false;
  std::string format_;
  std::string server_;
};

constexpr const char* kFeedbackFooter = R"(Examples:
  vigil log feedback decisions.db --key-file log.key > answers.ndjson
  vigil replay rules --store hospital.store --feedback answers.ndjson --out result

One line a card and answer: what the user did, with the user, patient, encounter, location and alert it was about (its
rules, its orders, the hook and the time it was shown at) where the log still holds them and the key is given. What was
sent again as it was is one line. Times are milliseconds since 1970. `vigil replay --feedback` reads these lines. Exits
with 1 where a row cannot be read.
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
    size_t unreadable = 0;
    const auto problem = log->store->each(1, [&](const LogRow& row) {
      if (row.kind != RowKind::kFeedback) return true;
      if (log->lacks_key_of(row)) ++sealed;
      if (!write(console, row, log->keys)) ++unreadable;
      return true;
    });
    told_.clear();
    if (!problem.empty()) return wrong_use(console, data_diagnostic("VGL1213", {}, {problem}));
    report_sealed(console, sealed);
    return report_unreadable(console, unreadable);
  }

 private:
  /// What was sent again, as it was: another time of the same card is another line (CDS Hooks 2.0.1, "Feedback").
  static std::string identity(Json line) {
    for (const auto* name : {"decision", "service"}) line.erase(name);  // how it was joined then
    return line.dump(-1, ' ', false, Json::error_handler_t::replace);
  }

  /// Whether all of it could be read.
  bool write(const Console& console, const LogRow& row, const decision_log::KeyRing& keys) {
    bool is_readable = true;
    std::vector<std::string> of_this_row;
    const auto secret = decision_log::open_text(row, keys);
    const auto hidden = secret ? parsed(*secret, is_readable) : Json();
    const auto open = parsed(row.open, is_readable);
    const auto items = open.find("items");
    if (items == open.end() || !items->is_array()) return false;
    for (size_t i = 0; i < items->size(); ++i) {
      auto line = (*items)[i];
      if (!line.is_object()) {
        is_readable = false;
        continue;
      }
      line["client"] = text_of(open, "client");
      line["service"] = text_of(open, "service");
      if (hidden.is_array() && i < hidden.size()) {
        for (const auto* name : {"reason", "comment"})
          if (hidden[i].contains(name)) line[name] = hidden[i][name];
      }
      of_this_row.push_back(identity(line));
      if (told_.contains(of_this_row.back())) continue;
      if (hidden.is_array() && i < hidden.size()) {
        if (const auto of = hidden[i].find("of"); of != hidden[i].end() && of->is_object()) line.update(*of);
      }
      console.out << line.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
    }
    told_.insert(of_this_row.begin(), of_this_row.end());
    return is_readable;
  }

  LogOptions options_;
  std::unordered_set<std::string> told_;
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
