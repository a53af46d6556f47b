// SPDX-License-Identifier: Apache-2.0
// Shared options, and their texts to values.
#include "cli/options.h"

#include <fnmatch.h>

#include <CLI/CLI.hpp>

#include <vigil/primitives.h>

#include "cds-hooks/service/clock.h"

namespace vigil::cli {
namespace {

std::string check_assignment(const std::string& text) {
  return split_assignment(text) ? std::string() : "`" + text + "` is not of the form NAME=VALUE";
}

}  // namespace

void add_knowledge_options(CLI::App& app, KnowledgeOptions& options) {
  app.add_option(
         "--knowledge", options.knowledge,
         "Knowledge base, or FHIR terminology; repeatable (default: $VIGIL_KNOWLEDGE, else the one beside the program)")
      ->type_name("FILE|DIR")
      ->allow_extra_args(false);
  app.add_option("--valuesets", options.value_sets, "More value sets: FHIR JSON or CSV; repeatable")
      ->type_name("FILE|DIR")
      ->allow_extra_args(false);
  add_assignment_option(app, "--table", options.tables, "NAME=FILE",
                        "Rows of a table the rules declare, from CSV or a JSON array; repeatable");
}

void add_knowledge_base_option(CLI::App& app, std::string& path, const std::string& names) {
  app.add_option(names, path, "Knowledge base (default: $VIGIL_KNOWLEDGE, else the one beside the program)")
      ->type_name("DIR");
}

void add_include_option(CLI::App& app, std::vector<std::string>& folders) {
  app.add_option("--include", folders, "Folder of libraries to include from; repeatable")
      ->type_name("DIR")
      ->allow_extra_args(false);
}

void add_patient_options(CLI::App& app, PatientOptions& options, bool required) {
  app.add_option(
         "--patient", options.paths,
         "FHIR R4 JSON of a patient, or a folder: each .json a patient, all .ndjson together one data set; repeatable")
      ->type_name("FILE|DIR")
      ->required(required);
  app.add_option("--now", options.now,
                 "The instant to evaluate at, such as 2026-11-22T09:30:00Z (default: the clock's)")
      ->type_name("INSTANT");
}

void add_hook_option(CLI::App& app, std::string& hook) {
  app.add_option("--hook", hook,
                 "What happens in the EHR (default: order-sign where there are orders, else patient-view)")
      ->type_name("HOOK");
}

void add_format_option(CLI::App& app, std::string& format, std::vector<std::string> formats) {
  format = formats.front();
  app.add_option("--format", format, "How to print results")
      ->type_name("FORMAT")
      ->check(CLI::IsMember(std::move(formats)))
      ->capture_default_str();
}

std::optional<std::pair<std::string, std::string>> split_assignment(std::string_view text) {
  const size_t at = text.find('=');
  if (at == std::string_view::npos || at == 0) return std::nullopt;
  return std::pair{std::string(text.substr(0, at)), std::string(text.substr(at + 1))};
}

void add_assignment_option(CLI::App& app, const std::string& name, std::vector<std::string>& values,
                           const std::string& placeholder, const std::string& description) {
  app.add_option(name, values, description)->type_name(placeholder)->check(check_assignment)->allow_extra_args(false);
}

std::vector<std::pair<std::string, std::string>> split_assignments(const std::vector<std::string>& texts) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const auto& text : texts)
    if (auto pair = split_assignment(text)) pairs.push_back(std::move(*pair));
  return pairs;
}

std::optional<Temporal> resolve_now(const std::string& text, DiagnosticSink& sink) {
  if (text.empty()) return hooks::clock_now();
  if (const auto instant = parse_instant(text)) return instant;
  sink.add(data_diagnostic("VGL1203", "--now", {text})
               .with_hint("write a date, or a date and time with offset, such as 2026-11-22T09:30:00Z"));
  return std::nullopt;
}

bool matches_glob(const std::string& pattern, const std::string& text) {
  return fnmatch(pattern.c_str(), text.c_str(), 0) == 0;
}

}  // namespace vigil::cli
