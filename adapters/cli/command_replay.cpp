// SPDX-License-Identifier: Apache-2.0
// `vigil replay`: what rules would have said at each trigger of many histories. `vigil merge`: shards to one result.
#include <CLI/CLI.hpp>
#include <charconv>
#include <chrono>
#include <iomanip>
#include <optional>
#include <ostream>
#include <set>

#include "cli/command.h"
#include "cli/load_rules.h"
#include "cli/replay_options.h"
#include "replay/table_sink.h"

namespace vigil::cli {
namespace {

constexpr const char* kReplayFooter =
    R"(Each order, encounter and result of the histories is asked about as of its instant: with what was known then, in the
state it had then. The result is replay.sqlite in the folder (or a file of Parquet or NDJSON a table), and manifest.json; its
tables are documented in the file itself, and in docs/recipes/replay.md. A run that was stopped goes on where it was.

Examples:
  vigil replay rules --store hospital.store --out result
  vigil replay rules --store hospital.store --out result --leakage      how much a look at today's record would mislead
  vigil replay rules --store hospital.store --out result --labels reviewed.csv --feedback answers.ndjson
  vigil replay rules --store hospital.store --out result --mode delay --delays lab-delays.csv
  vigil replay rules --store hospital.store --out part-1 --shard 1/4 --pseudonym-key key
  vigil merge part-1 part-2 part-3 part-4 --out result

Exits with 0 when the result is whole, whatever fired.
)";

constexpr const char* kMergeFooter = R"(Examples:
  vigil merge part-1 part-2 --out result                the same bytes as a run without shards
)";

struct Shard {
  size_t number = 0;
  size_t count = 1;
};

/// "2/4" is the second of four.
std::optional<Shard> parse_shard(const std::string& text) {
  const size_t slash = text.find('/');
  size_t number = 0;
  size_t count = 0;
  const auto read = [&](size_t begin, size_t end, size_t& value) {
    const auto [at, error] = std::from_chars(text.data() + begin, text.data() + end, value);
    return error == std::errc{} && at == text.data() + end;
  };
  if (slash == std::string::npos || !read(0, slash, number) || !read(slash + 1, text.size(), count) || number < 1 ||
      number > count)
    return std::nullopt;
  return Shard{number - 1, count};
}

std::string check_shard(const std::string& text) {
  return parse_shard(text) ? std::string() : "`" + text + "` is not of the form I/N, such as 2/4";
}

void add_sink_option(CLI::App& app, std::string& format) {
  const auto formats = replay::sink_formats();
  format = formats.front();
  app.add_option("--format", format,
                 "How to write the tables: `parquet` needs DuckDB's library (docs/recipes/replay.md), `none` counts "
                 "outcomes only")
      ->type_name("FORMAT")
      ->check(CLI::IsMember(std::set<std::string>(formats.begin(), formats.end())))
      ->capture_default_str();
}

/// Reports what the format lacks.
bool has_format(const Console& console, const std::string& format) {
  DiagnosticSink sink;
  const bool can = replay::can_write(format, sink);
  report(console, sink);
  return can;
}

void write_totals(const Console& console, const replay::RunTotals& totals, const std::string& out) {
  for (const auto& [name, number] : totals) console.out << std::setw(12) << number << "  " << name << '\n';
  console.out << "result: " << out << '\n';
}

/// The exit code: kFailure too where a patient could not be read, for then nothing is known of his orders.
std::optional<int> put_together(const Console& console, std::span<const replay::RunFolder> from, const std::string& out,
                                const std::string& format) {
  DiagnosticSink sink;
  const auto assembled = replay::assemble(from, replay::RunFolder(out), format, sink);
  report(console, sink);
  if (!assembled) return std::nullopt;
  write_totals(console, assembled->totals, out);
  return report_unreadable(console, assembled->totals) ? kFailure : kClean;
}

class ReplayCommand : public Command {
 public:
  explicit ReplayCommand(CLI::App& app) : Command(app) {
    app.footer(kReplayFooter);
    app.add_option("rules", rules_, "Rule files, and folders of *.vigil and *.cql")->type_name("RULES")->required();
    add_include_option(app, includes_);
    add_replay_options(app, settings_);
    app.add_flag("--leakage", leakage_, "Ask each time a second time by today's record, and report the difference");
    app.add_option("--labels", settings_.labels,
                   "CSV that says which alerts are right: patient, instant (empty: all), rule, label, and as needed "
                   "event, the instant of what an alert warns of")
        ->type_name("FILE");
    app.add_option("--feedback", settings_.feedback,
                   "What users answered then: lines of `vigil log feedback`, or CSV: patient, rule, outcome (accepted, "
                   "overridden), instant, and as needed order, reason")
        ->type_name("FILE");
    app.add_flag("--all-rows", all_rows_, "A row for each rule that is not met too; else they are only counted");
    app.add_option("--shard", shard_, "Replay this part of the patients only, such as 2/4; then `vigil merge`")
        ->type_name("I/N")
        ->check(check_shard);
    add_sink_option(app, format_);
    add_assignment_option(app, "--parameter", parameters_, "NAME=EXPR", "Value of a parameter, as CQL; repeatable");
    add_knowledge_options(app, knowledge_);
  }

  int run(const Console& console) override {
    if (!shard_.empty() && settings_.pseudonym_key.empty())
      return wrong_use(console, "shards need one key for their pseudonyms", "name its file with --pseudonym-key");
    if (const auto contradiction = contradiction_in_options(); !contradiction.empty())
      return wrong_use(console, contradiction, "see vigil replay --help");
    CompileOptions options;
    options.parameters = split_assignments(parameters_);
    const auto compilation = load_rulebook(console, rules_, includes_, knowledge_, std::move(options));
    if (!compilation) return kWrongUse;
    DiagnosticSink sink;
    const auto store = store::Store::open(settings_.store, sink);
    report(console, sink);
    if (!store) return kFailure;
    auto input = load_replay_input(console, settings_, *store, settings_.out);
    if (!input) return kWrongUse;
    set_rules(console, *compilation->rulebook, *input);
    input->options.leakage = leakage_;
    input->options.all_rows = all_rows_;
    input->options.writes_rows = format_ != "none";
    return run_input(console, *input);
  }

 private:
  std::string contradiction_in_options() const {
    if (leakage_ && settings_.mode == "naive")
      return "--leakage compares with today's record, which is what --mode naive asks";
    if (format_ == "none" && (all_rows_ || !(settings_.labels + settings_.feedback + settings_.subgroups).empty()))
      return "--format none writes no rows: --all-rows, --labels, --feedback and --subgroups need another format";
    return contradiction_of(settings_);
  }

  int run_input(const Console& console, const replay::ReplayInput& input) const {
    const auto begin = std::chrono::steady_clock::now();
    if (!has_format(console, format_)) return kFailure;
    const replay::RunFolder folder(settings_.out);
    const auto shard = shard_.empty() ? Shard{} : *parse_shard(shard_);
    const auto plan = replay::make_plan(input);
    DiagnosticSink sink;
    if (!folder.begin(plan, sink)) {
      report(console, sink);
      return kFailure;
    }
    if (folder.is_finished(format_)) {
      console.out << "the result is there already: " << settings_.out << '\n';
      return kClean;
    }
    bool done = false;
    {
      ReplayProgress progress(console);
      done = replay::run_parts(plan, replay::make_worker_maker(input), folder,
                               {thread_count(settings_), shard.number, shard.count}, progress.report(), sink);
    }
    report(console, sink);
    if (!done) return kFailure;
    const auto replayed = std::chrono::steady_clock::now();
    if (shard.count > 1) {
      console.out << "shard " << shard_ << " is done: " << settings_.out << '\n';
      return kClean;
    }
    const auto code = put_together(console, {&folder, 1}, settings_.out, format_);
    if (!code) return kFailure;
    folder.remove_parts();
    write_timings(folder, begin, replayed);
    return *code;
  }

  /// Apart from the result, which is the same for each run.
  void write_timings(const replay::RunFolder& folder, std::chrono::steady_clock::time_point begin,
                     std::chrono::steady_clock::time_point replayed) const {
    const auto seconds = [](auto from, auto to) {
      return std::to_string(std::chrono::duration<double>(to - from).count());
    };
    DiagnosticSink ignored;  // the result stands without
    folder.write_file("timings.json",
                      "{\n  \"threads\": " + std::to_string(thread_count(settings_)) +
                          ",\n  \"replay_seconds\": " + seconds(begin, replayed) +
                          ",\n  \"write_seconds\": " + seconds(replayed, std::chrono::steady_clock::now()) + "\n}\n",
                      ignored);
  }

  std::vector<std::string> rules_;
  std::vector<std::string> includes_;
  ReplaySettings settings_;
  bool leakage_ = false;
  bool all_rows_ = false;
  std::string shard_;
  std::string format_;
  std::vector<std::string> parameters_;
  KnowledgeOptions knowledge_;
};

class MergeCommand : public Command {
 public:
  explicit MergeCommand(CLI::App& app) : Command(app) {
    app.footer(kMergeFooter);
    app.add_option("shards", shards_, "Folders that `vigil replay --shard` made")->type_name("DIR")->required();
    app.add_option("--out", out_, "Folder for the result")->type_name("DIR")->required();
    add_sink_option(app, format_);
  }

  int run(const Console& console) override {
    if (!has_format(console, format_)) return kFailure;
    std::vector<replay::RunFolder> folders(shards_.begin(), shards_.end());
    const auto code = put_together(console, folders, out_, format_);
    if (!code) return kFailure;
    replay::RunFolder(out_).remove_parts();
    return *code;
  }

 private:
  std::vector<std::string> shards_;
  std::string out_;
  std::string format_;
};

}  // namespace

std::unique_ptr<Command> make_replay_command(CLI::App& program) {
  return std::make_unique<ReplayCommand>(
      *program.add_subcommand("replay", "Show what rules would have said in the histories of a store"));
}

std::unique_ptr<Command> make_merge_command(CLI::App& program) {
  return std::make_unique<MergeCommand>(*program.add_subcommand("merge", "Put the shards of a replay together"));
}

}  // namespace vigil::cli
