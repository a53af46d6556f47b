// SPDX-License-Identifier: Apache-2.0
// The manifest as JSON.
#include "store/manifest.h"

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>

#include "store/store_format.h"
#include "store/whole_file.h"

namespace vigil::store {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const BlockFiles& files) {
  Json json = {{"index", {{"name", files.index.name}, {"bytes", files.index.bytes}}}, {"segments", Json::array()}};
  for (const auto& segment : files.segments)
    json["segments"].push_back({{"name", segment.name}, {"bytes", segment.bytes}});
  return json;
}

StoredFile file_of(const Json& json) { return {json.at("name"), json.at("bytes")}; }

BlockFiles files_of(const Json& json) {
  BlockFiles files;
  files.index = file_of(json.at("index"));
  for (const auto& segment : json.at("segments")) files.segments.push_back(file_of(segment));
  return files;
}

Json to_json(const Manifest& manifest) {
  Json json = {{"format", manifest.format},
               {"digest", manifest.digest},
               {"patients", manifest.patients},
               {"versions", manifest.versions},
               {"sharedResources", manifest.shared_resources},
               {"patientFiles", to_json(manifest.patient_files)},
               {"sharedFiles", to_json(manifest.shared_files)}};
  json["knownFrom"] = Json::object();
  for (size_t i = 0; i < manifest.known_sources.size(); ++i)
    json["knownFrom"][std::string(name(static_cast<KnownSource>(i)))] = manifest.known_sources[i];
  json["degraded"] = Json::array();
  for (const auto& [type, from] : manifest.degraded)
    json["degraded"].push_back({{"type", type}, {"from", from == kAlways ? Json() : Json(from)}});
  json["totals"] = Json::object();
  for (const auto& [type, totals] : manifest.totals)
    json["totals"][type] = {{"read", totals.read},
                            {"kept", totals.kept},
                            {"repeated", totals.repeated},
                            {"rejected", totals.rejected},
                            {"outOfScope", totals.out_of_scope},
                            {"uncoded", totals.uncoded}};
  json["sources"] = Json::array();
  for (const auto& source : manifest.sources)
    json["sources"].push_back({{"name", source.name}, {"bytes", source.bytes}, {"digest", source.digest}});
  return json;
}

Manifest manifest_of(const Json& json) {
  Manifest manifest;
  manifest.format = json.at("format");
  if (manifest.format != kFormat) return manifest;
  manifest.digest = json.at("digest");
  manifest.patients = json.at("patients");
  manifest.versions = json.at("versions");
  manifest.shared_resources = json.at("sharedResources");
  manifest.patient_files = files_of(json.at("patientFiles"));
  manifest.shared_files = files_of(json.at("sharedFiles"));
  for (size_t i = 0; i < manifest.known_sources.size(); ++i)
    manifest.known_sources[i] = json.at("knownFrom").at(std::string(name(static_cast<KnownSource>(i))));
  for (const auto& degraded : json.at("degraded"))
    manifest.degraded[degraded.at("type")] =
        degraded.at("from").is_null() ? kAlways : degraded.at("from").get<Instant>();
  for (const auto& [type, totals] : json.at("totals").items())
    manifest.totals[type] = {totals.at("read"),     totals.at("kept"),       totals.at("repeated"),
                             totals.at("rejected"), totals.at("outOfScope"), totals.at("uncoded")};
  for (const auto& source : json.at("sources"))
    manifest.sources.push_back({source.at("name"), source.at("bytes"), source.at("digest")});
  return manifest;
}

}  // namespace

TypeTotals& TypeTotals::operator+=(const TypeTotals& other) {
  read += other.read;
  kept += other.kept;
  repeated += other.repeated;
  rejected += other.rejected;
  out_of_scope += other.out_of_scope;
  uncoded += other.uncoded;
  return *this;
}

std::optional<Manifest> read_manifest(const std::string& folder, DiagnosticSink& sink) {
  namespace fs = std::filesystem;
  const fs::path path = fs::path(folder) / kManifest;
  std::error_code error;
  if (!fs::exists(path, error)) {
    if (fs::exists(fs::path(folder) / kJournal, error))
      sink.add(data_diagnostic("VGL1302", folder, {folder})
                   .with_hint("run the same `vigil import` again: it goes on where it was"));
    else
      sink.add(data_diagnostic("VGL1301", folder,
                               {folder, fs::exists(folder, error) ? "it has no manifest.json" : "no such folder"})
                   .with_hint("make one with `vigil import SOURCE --store " + folder + "`"));
    return std::nullopt;
  }
  std::ifstream file(path);
  try {
    auto manifest = manifest_of(Json::parse(file));
    if (manifest.format == kFormat) return manifest;
    sink.add(data_diagnostic("VGL1303", folder, {std::to_string(manifest.format), std::to_string(kFormat)})
                 .with_hint("import the data again with this program"));
  } catch (const Json::exception&) {
    sink.add(data_diagnostic("VGL1301", folder, {folder, "its manifest.json cannot be read"}));
  }
  return std::nullopt;
}

bool write_manifest(const std::string& folder, const Manifest& manifest, DiagnosticSink& sink) {
  return write_whole_file(folder + "/" + kManifest, to_json(manifest).dump(1) + "\n", sink);
}

}  // namespace vigil::store
