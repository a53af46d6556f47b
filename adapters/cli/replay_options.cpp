// SPDX-License-Identifier: Apache-2.0
// From the options of a replay to its input.
#include "cli/replay_options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iomanip>
#include <ostream>
#include <thread>

#include "crypto/hashes.h"
#include "fhir/fhir_reader.h"
#include "replay/site_days.h"

#ifndef VIGIL_VERSION
#define VIGIL_VERSION "0.0.0"
#endif

namespace vigil::cli {

void add_replay_options(CLI::App& app, ReplaySettings& settings) {
  app.add_option("--store", settings.store, "The store to replay, as `vigil import` made it")
      ->type_name("DIR")
      ->required();
  app.add_option("--out", settings.out, "Folder for the result")->type_name("DIR")->required();
  app.add_option("--mode", settings.mode,
                 "What counts as known: `strict`, only what a record says was known; `delay`, also what has but a "
                 "clinical time, after the delays; `naive`, today's record")
      ->check(CLI::IsMember({"strict", "delay", "naive"}))
      ->type_name("MODE")
      ->capture_default_str();
  app.add_option("--utc-offset", settings.utc_offset,
                 "The site's offset from UTC (that of winter): dates without a time are its days")
      ->check([](const std::string& text) {
        return replay::parse_offset(text) ? std::string() : "expected an offset such as +01:00 or -05:00, not " + text;
      })
      ->type_name("+HH:MM")
      ->capture_default_str();
  app.add_option("--delays", settings.delays,
                 "CSV of delays for --mode delay: resource_type, system, code, site, delay_hours")
      ->type_name("FILE");
  app.add_option("--triggers", settings.triggers,
                 "CSV of instants to ask at, in place of those in the histories: patient, instant, hook, and orders, "
                 "encounter, user as needed")
      ->type_name("FILE");
  app.add_option("--subgroups", settings.subgroups, "CSV of further subgroups of patients: patient, subgroup, value")
      ->type_name("FILE");
  app.add_option("--pseudonym-key", settings.pseudonym_key,
                 "File with the key of the pseudonyms, at least 16 bytes (default: a random one, kept in the folder)")
      ->type_name("FILE");
  app.add_option("--threads", settings.threads, "How many threads; the result is the same (default: one a core)")
      ->type_name("N")
      ->check(CLI::Range(1, 1024));
}

std::string contradiction_of(const ReplaySettings& settings) {
  if (settings.mode == "delay" && settings.delays.empty()) return "--mode delay needs --delays";
  if (settings.mode != "delay" && !settings.delays.empty()) return "--delays counts with --mode delay alone";
  return {};
}

size_t thread_count(const ReplaySettings& settings) {
  return settings.threads != 0 ? settings.threads : std::max(1U, std::thread::hardware_concurrency());
}

std::optional<replay::ReplayInput> load_replay_input(const Console& console, const ReplaySettings& settings,
                                                     const store::Store& store, const std::string& key_folder) {
  DiagnosticSink sink;
  replay::ReplayInput input;
  input.store = &store;
  input.engine_version = VIGIL_VERSION;
  input.options.mode = settings.mode == "naive"   ? replay::Mode::kNaive
                       : settings.mode == "delay" ? replay::Mode::kDelay
                                                  : replay::Mode::kStrict;
  input.options.site_offset = replay::parse_offset(settings.utc_offset).value_or(0);
  /// The bytes of a file, which are part of what the run is made of; `mark` tells one file's from another's.
  const auto read = [&](const std::string& path, std::string_view mark) -> std::optional<std::string> {
    auto bytes = path.empty() ? std::nullopt : fhir::read_file(path, {}, sink);
    if (bytes) input.outside_digest.append(mark).append(crypto::to_hex(crypto::sha256(*bytes)));
    return bytes;
  };
  const auto take = [](auto& to, auto parsed) {
    if (parsed) to = std::move(*parsed);
  };
  if (const auto text = read(settings.delays, ""))
    take(input.delays, replay::DelayModel::parse(*text, settings.delays, sink));
  if (const auto text = read(settings.labels, "+"))
    take(input.labels, replay::Labels::parse(*text, settings.labels, sink));
  if (const auto text = read(settings.triggers, "/"))
    input.table = replay::read_trigger_table(*text, settings.triggers, sink);
  if (const auto text = read(settings.feedback, "f"))
    take(input.feedback, replay::Feedback::parse(*text, settings.feedback, sink));
  if (const auto text = read(settings.subgroups, "s"))
    take(input.subgroups, replay::read_subgroups(*text, settings.subgroups, sink));
  std::error_code error;
  std::filesystem::create_directories(key_folder, error);
  if (auto key = settings.pseudonym_key.empty() ? replay::keep_pseudonym_key(key_folder, sink)
                                                : replay::read_pseudonym_key(settings.pseudonym_key, sink))
    input.pseudonyms = replay::Pseudonyms(std::move(*key));
  report(console, sink);
  return sink.has_errors() ? std::nullopt : std::optional(std::move(input));
}

void set_rules(const Console& console, const Rulebook& rulebook, replay::ReplayInput& input) {
  std::vector<std::string> unasked;
  input.rulebook = &rulebook;
  input.hooks = replay::HookChoice::of(rulebook.rules(), unasked);
  if (input.table) return;  // asked at the hooks of the table
  DiagnosticSink sink;
  for (const auto& rule : unasked)
    sink.add(data_diagnostic("VGL1221", {}, {rule})
                 .with_hint("histories hold order-sign, patient-view, encounter-start, encounter-discharge and "
                            "result-available; --triggers asks at any"));
  report(console, sink);
}

ReplayProgress::~ReplayProgress() {
  if (shown_) console_.err << "\r\x1b[K" << std::flush;
}

replay::ProgressReport ReplayProgress::report() {
  return [this](size_t done, size_t all) { show(done, all); };
}

void ReplayProgress::show(size_t done, size_t all) {
  if (!console_.shows_progress) return;
  const auto now = std::chrono::steady_clock::now();
  if (!begin_) {
    begin_ = now;
    done_before_ = done;
  }
  const double seconds = std::chrono::duration<double>(now - *begin_).count();
  const double rate = seconds > 0 ? static_cast<double>(done - done_before_) / seconds : 0;
  console_.err << '\r' << done << '/' << all << " patients";
  if (rate > 0)
    console_.err << std::fixed << std::setprecision(0) << ", " << rate << "/s, "
                 << static_cast<double>(all - done) / rate << " s to go";
  console_.err << "\x1b[K" << std::flush;
  shown_ = true;
}

bool report_unreadable(const Console& console, const replay::RunTotals& totals) {
  const auto unreadable = std::ranges::find(totals, "patients not readable", [](const auto& t) { return t.first; });
  if (unreadable == totals.end() || unreadable->second == 0) return false;
  DiagnosticSink sink;
  sink.add(
      plain_error(counted(static_cast<size_t>(unreadable->second), "patient") + " could not be read: not in the result",
                  "import the data again, and look at the table data_problems"));
  report(console, sink);
  return true;
}

}  // namespace vigil::cli
