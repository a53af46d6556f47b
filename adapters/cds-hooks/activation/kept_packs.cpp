// SPDX-License-Identifier: Apache-2.0
// state.json and DIGEST.vigilpack, each written beside, synced and renamed.
#include "cds-hooks/activation/kept_packs.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

namespace vigil::hooks {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::string_view kFormat = "vigil-activation-1";
constexpr std::string_view kExtension = ".vigilpack";

bool is_digest(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// Writes and syncs a file, and the folder it stands in.
std::string write_synced(const fs::path& path, std::string_view bytes) {
  auto beside = path;
  beside += ".new";
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return std::strerror(errno);
  bool written = true;
  while (written && !bytes.empty()) {
    const auto count = ::write(file, bytes.data(), bytes.size());
    written = count > 0;
    if (written) bytes.remove_prefix(static_cast<size_t>(count));
  }
  written = written && ::fsync(file) == 0;
  std::string problem = written ? std::string() : std::strerror(errno);
  ::close(file);
  std::error_code error;
  if (written) fs::rename(beside, path, error);
  if (!written || error) {
    if (error) problem = error.message();
    fs::remove(beside, error);
    return problem;
  }
  if (const int folder = ::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); folder >= 0) {
    ::fsync(folder);
    ::close(folder);
  }
  return {};
}

std::string text_of(const Json& object, const char* member) {
  const auto at = object.find(member);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

std::optional<KeptCandidate> read_candidate(const Json& json) {
  KeptCandidate candidate{text_of(json, "digest"), {}};
  if (!is_digest(candidate.digest)) return std::nullopt;
  candidate.terms.stage = text_of(json, "stage") == name(Stage::kCanary) ? Stage::kCanary : Stage::kShadow;
  if (const auto share = json.find("share"); share != json.end() && share->is_number_unsigned())
    candidate.terms.share = std::min<uint32_t>(share->get<uint32_t>(), 10'000);
  if (const auto clients = json.find("clients"); clients != json.end() && clients->is_array())
    for (const auto& client : *clients)
      if (client.is_string()) candidate.terms.clients.push_back(client.get<std::string>());
  return candidate;
}

std::vector<KeptPlace> read_places(const Json& json, const char* member) {
  std::vector<KeptPlace> places;
  const auto list = json.find(member);
  if (list == json.end() || !list->is_array()) return places;
  for (const auto& one : *list) {
    if (!one.is_object()) continue;
    KeptPlace place{text_of(one, "pack"), text_of(one, "configured"), text_of(one, "active"), std::nullopt};
    if (!place.active.empty() && !is_digest(place.active)) continue;
    if (const auto candidate = one.find("candidate"); candidate != one.end() && candidate->is_object())
      place.candidate = read_candidate(*candidate);
    places.push_back(std::move(place));
  }
  return places;
}

Json to_json(const std::vector<KeptPlace>& places) {
  Json list = Json::array();
  for (const auto& place : places) {
    Json one{{"pack", place.id}, {"configured", place.configured}, {"active", place.active}};
    if (place.candidate)
      one["candidate"] = {{"digest", place.candidate->digest},
                          {"stage", name(place.candidate->terms.stage)},
                          {"share", place.candidate->terms.share},
                          {"clients", place.candidate->terms.clients}};
    list.push_back(std::move(one));
  }
  return list;
}

}  // namespace

std::optional<KeptState> KeptPacks::read(std::string& problem) const {
  std::error_code error;
  const auto path = folder_ / "state.json";
  if (!exists() || !fs::exists(path, error)) return std::nullopt;
  std::ifstream stream(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  const auto json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!stream || !json.is_object() || text_of(json, "format") != kFormat) {
    problem = "`" + path.string() + "` cannot be read: what the settings name is in force";
    return std::nullopt;
  }
  return KeptState{read_places(json, "current"), read_places(json, "previous"), text_of(json, "tried")};
}

std::optional<std::string> KeptPacks::pack(const std::string& digest) const {
  if (!exists() || !is_digest(digest)) return std::nullopt;
  std::ifstream stream(folder_ / (digest + std::string(kExtension)), std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  return stream ? std::optional(std::move(bytes)) : std::nullopt;
}

std::string KeptPacks::keep(const std::string& digest, std::string_view bytes) const {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error) return error.message();
  return write_synced(folder_ / (digest + std::string(kExtension)), bytes);
}

std::string KeptPacks::write(const KeptState& state) const {
  const Json json{{"format", kFormat},
                  {"current", to_json(state.current)},
                  {"previous", to_json(state.previous)},
                  {"tried", state.tried}};
  if (auto problem = write_synced(folder_ / "state.json", json.dump(2) + "\n"); !problem.empty()) return problem;
  std::set<std::string> named;
  for (const auto* places : {&state.current, &state.previous})
    for (const auto& place : *places) {
      named.insert(place.active);
      if (place.candidate) named.insert(place.candidate->digest);
    }
  std::error_code error;
  for (fs::directory_iterator at(folder_, error), end; !error && at != end; at.increment(error)) {
    const auto stem = at->path().stem().string();
    std::error_code ignored;  // one that stays takes room, no more
    if (at->path().extension() == kExtension && is_digest(stem) && !named.contains(stem))
      fs::remove(at->path(), ignored);
  }
  return {};
}

}  // namespace vigil::hooks
