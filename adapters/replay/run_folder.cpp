// SPDX-License-Identifier: Apache-2.0
// Files of a run, each written under another name first and then renamed.
#include "replay/run_folder.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <system_error>

#include "replay/table_sink.h"

namespace vigil::replay {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// Behind the last row: a part without it was written by a machine that lost power.
constexpr std::string_view kEnd = "[\"end\"]\n";

std::optional<std::string> read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>(file), {}};
}

bool refuse(const std::string& path, std::string_view why, DiagnosticSink& sink) {
  sink.add(data_diagnostic("VGL1224", path, {path, why}).with_hint("name another folder, or remove this one"));
  return false;
}

bool write_whole(const std::string& path, std::string_view text, std::string_view end, DiagnosticSink& sink) {
  const std::string part = path + ".new";
  {
    std::ofstream file(part, std::ios::binary | std::ios::trunc);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.write(end.data(), static_cast<std::streamsize>(end.size()));
    file.flush();
    if (!file) return report_unwritable(path, "writing failed", sink);
  }
  std::error_code error;
  fs::rename(part, path, error);
  return !error || report_unwritable(path, error.message(), sink);
}

std::string to_text(const RunPlan& plan) {
  Json settings = Json::array();
  for (const auto& [name, value] : plan.settings) settings.push_back({name, value});
  const Json json = {{"format", "vigil replay 1"},
                     {"run_id", plan.run_id},
                     {"kind", plan.kind == ResultKind::kCompare ? "compare" : "replay"},
                     {"patients", plan.patients},
                     {"patients_a_part", plan.patients_a_part},
                     {"settings", settings},
                     {"rules", plan.rule_rows}};
  return json.dump(1) + "\n";
}

std::optional<RunPlan> from_text(const std::string& text) {
  const auto json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  const auto is_text = [&](const char* key) { return json.contains(key) && json[key].is_string(); };
  const auto is_count = [&](const char* key) { return json.contains(key) && json[key].is_number_unsigned(); };
  if (!json.is_object() || !is_text("run_id") || !is_text("rules") || !is_count("patients") ||
      !is_count("patients_a_part") || !json.contains("settings") || !json["settings"].is_array())
    return std::nullopt;
  RunPlan plan;
  plan.run_id = json["run_id"];
  plan.kind = json.value("kind", "") == "compare" ? ResultKind::kCompare : ResultKind::kReplay;
  plan.rule_rows = json["rules"];
  plan.patients = json["patients"];
  plan.patients_a_part = std::max(json["patients_a_part"].get<size_t>(), size_t{1});
  for (const auto& setting : json["settings"])
    if (setting.is_array() && setting.size() == 2 && setting[0].is_string() && setting[1].is_string())
      plan.settings.emplace_back(setting[0], setting[1]);
  return plan;
}

}  // namespace

size_t RunPlan::part_size(size_t patients) {
  // Small enough to share among threads and to lose little by a kill, large enough that a million patients are some
  // two thousand files.
  constexpr size_t kLeast = 8;
  constexpr size_t kMost = 512;
  constexpr size_t kParts = 64;
  return std::clamp(patients / kParts, kLeast, kMost);
}

bool RunFolder::begin(const RunPlan& plan, DiagnosticSink& sink) const {
  std::error_code error;
  fs::create_directories(path_ + "/parts", error);
  if (error) return report_unwritable(path_, error.message(), sink);
  if (const auto text = read_text(path_ + "/run.json")) {
    const auto there = from_text(*text);
    if (!there || there->run_id != plan.run_id) return refuse(path_, "it is of other rules, data or options", sink);
    return true;
  }
  return write_file("run.json", to_text(plan), sink);
}

std::optional<RunPlan> RunFolder::plan(DiagnosticSink& sink) const {
  const auto text = read_text(path_ + "/run.json");
  auto plan = text ? from_text(*text) : std::nullopt;
  if (!plan) refuse(path_, text ? "its run.json cannot be read" : "it is no folder of a replay", sink);
  return plan;
}

std::string RunFolder::part_path(size_t number) const {
  const auto digits = std::to_string(number);
  return path_ + "/parts/" + std::string(digits.size() < 6 ? 6 - digits.size() : 0, '0') + digits + ".part";
}

bool RunFolder::has_part(size_t number) const {
  std::ifstream file(part_path(number), std::ios::binary | std::ios::ate);
  if (!file || file.tellg() < static_cast<std::streamoff>(kEnd.size())) return false;
  std::string end(kEnd.size(), '\0');
  file.seekg(-static_cast<std::streamoff>(kEnd.size()), std::ios::end);
  file.read(end.data(), static_cast<std::streamsize>(end.size()));
  return file && end == kEnd;
}

std::optional<std::string> RunFolder::read_part(size_t number) const {
  auto text = read_text(part_path(number));
  if (!text || !text->ends_with(kEnd)) return std::nullopt;
  text->resize(text->size() - kEnd.size());
  return text;
}

bool RunFolder::write_part(size_t number, const std::string& rows, DiagnosticSink& sink) const {
  return write_whole(part_path(number), rows, kEnd, sink);
}

void RunFolder::remove_parts() const {
  std::error_code ignored;  // what stays does no harm
  fs::remove_all(path_ + "/parts", ignored);
}

bool RunFolder::has_result() const { return read_text(path_ + "/manifest.json").has_value(); }

bool RunFolder::is_finished(std::string_view format) const {
  const auto text = read_text(path_ + "/manifest.json");
  const auto json = text ? Json::parse(*text, nullptr, /*allow_exceptions=*/false) : Json();
  return json.is_object() && json.contains("tables_as") && json["tables_as"] == format;
}

bool RunFolder::write_file(const std::string& name, const std::string& text, DiagnosticSink& sink) const {
  return write_whole(path_ + "/" + name, text, {}, sink);
}

}  // namespace vigil::replay
