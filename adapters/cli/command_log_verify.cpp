// SPDX-License-Identifier: Apache-2.0
// `vigil log verify` and `vigil log purge`: the chain, and how it is shortened.
#include <CLI/CLI.hpp>
#include <charconv>
#include <ctime>
#include <ostream>

#include "cli/command_log.h"
#include "decision-log/log_writer.h"
#include "decision-log/verify_log.h"

namespace vigil::cli {
namespace {

using decision_log::ChainEnd;
using decision_log::RowKind;

constexpr const char* kVerifyFooter = R"(Examples:
  vigil log verify decisions.db --key-file log.key
  vigil log verify decisions.db --anchor 1200:5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9

Exits with 1 where the chain does not hold, or cannot be checked for want of a key. An anchor is an end of the chain that
was told before (the service writes it to its log at start and end): it shows that the log was not cut or written anew
since.
)";

constexpr const char* kPurgeFooter = R"(Examples:
  vigil log purge decisions.db --keep-days 3650 --keep-patient-data-days 400

The service does the same by itself where its settings say so; while it runs, it alone writes.
)";

/// "NUMBER:HASH".
std::optional<ChainEnd> parse_anchor(const std::string& text) {
  const size_t colon = text.find(':');
  if (colon == std::string::npos) return std::nullopt;
  ChainEnd end;
  const auto [last, error] = std::from_chars(text.data(), text.data() + colon, end.number);
  const auto bytes = crypto::from_hex(std::string_view(text).substr(colon + 1));
  const auto hash = bytes ? crypto::to_hash(*bytes) : std::nullopt;
  if (error != std::errc() || last != text.data() + colon || !hash) return std::nullopt;
  end.hash = *hash;
  return end;
}

class VerifyCommand : public Command {
 public:
  explicit VerifyCommand(CLI::App& app) : Command(app) {
    app.footer(kVerifyFooter);
    add_log_options(app, options_);
    app.add_option("--anchor", anchor_, "An end of the chain as it was told before")->type_name("NUMBER:HASH");
  }

  int run(const Console& console) override {
    std::optional<ChainEnd> anchor;
    if (!anchor_.empty()) {
      anchor = parse_anchor(anchor_);
      if (!anchor)
        return wrong_use(console, data_diagnostic("VGL1215", {}, {anchor_}).with_hint("write it as NUMBER:HASH"));
    }
    auto log = open_log(console, options_);
    if (!log) return kWrongUse;
    const auto found = decision_log::verify(*log->store, log->keys, anchor);
    const auto count = [&](RowKind kind) { return found.rows[static_cast<size_t>(kind)]; };
    if (found.lacks_key)
      console.out << "the chain cannot be checked: " << found.problem << "; " << kGiveKey << '\n';
    else
      console.out << (found.holds ? "the chain holds" : "the chain does not hold: " + found.problem) << '\n';
    console.out << "rows " << found.first << " to " << found.last << ": "
                << counted(count(RowKind::kDecision), "decision") << ", " << count(RowKind::kFeedback) << " feedback, "
                << found.erased << " erased, " << found.missing << " dropped before they were recorded\n"
                << "end " << found.last << ':' << crypto::to_hex(found.last_hash) << '\n';
    return found.holds ? kClean : kFindings;
  }

 private:
  LogOptions options_;
  std::string anchor_;
};

class PurgeCommand : public Command {
 public:
  explicit PurgeCommand(CLI::App& app) : Command(app) {
    app.footer(kPurgeFooter);
    add_log_options(app, options_);
    app.add_option("--keep-days", keep_, "Remove rows older than this")->type_name("DAYS")->check(CLI::PositiveNumber);
    app.add_option("--keep-patient-data-days", keep_sealed_, "Erase the sealed column of rows older than this")
        ->type_name("DAYS")
        ->check(CLI::PositiveNumber);
  }

  int run(const Console& console) override {
    if (keep_ == 0 && keep_sealed_ == 0)
      return wrong_use(console, "there is nothing to do", "give --keep-days or --keep-patient-data-days");
    auto log = open_log(console, options_, /*read_only=*/false);
    if (!log) return kWrongUse;
    if (const auto problem = decision_log::lacks_key(*log->store, log->keys); !problem.empty())
      return wrong_use(console, data_diagnostic("VGL1214", {}, {problem}).with_hint(kGiveKey));
    decision_log::LogWriter writer(*log->store, log->keys);
    const Instant now = static_cast<Instant>(std::time(nullptr)) * 1000;
    auto problem = writer.start();
    if (problem.empty()) problem = log->store->begin();
    if (problem.empty() && keep_ > 0)
      problem = writer.purge(decision_log::oldest_kept(now, std::chrono::days(keep_)), now);
    if (problem.empty() && keep_sealed_ > 0)
      problem = writer.erase(decision_log::oldest_kept(now, std::chrono::days(keep_sealed_)), now);
    if (problem.empty()) problem = log->store->commit();
    if (!problem.empty()) return wrong_use(console, data_diagnostic("VGL1214", {}, {problem}));
    return kClean;
  }

 private:
  LogOptions options_;
  int64_t keep_ = 0;
  int64_t keep_sealed_ = 0;
};

}  // namespace

std::unique_ptr<Command> make_log_verify_command(CLI::App& log) {
  return std::make_unique<VerifyCommand>(*log.add_subcommand("verify", "Find rows altered, removed or reordered"));
}

std::unique_ptr<Command> make_log_purge_command(CLI::App& log) {
  return std::make_unique<PurgeCommand>(*log.add_subcommand("purge", "Remove what is old; the rest still verifies"));
}

}  // namespace vigil::cli
