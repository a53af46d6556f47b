// SPDX-License-Identifier: Apache-2.0
// The journal as lines of JSON.
#include "store/journal.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>

#include "store/checksum.h"
#include "store/mapped_file.h"
#include "store/store_format.h"

namespace vigil::store {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr size_t kChecksumDigits = 16;

std::string digits_of(uint64_t number) {
  std::array<char, kChecksumDigits> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
  const std::string text(digits.data(), end);
  return std::string(kChecksumDigits - text.size(), '0') + text;
}

/// A line without its checksum; empty where it does not fit.
std::string content_of(const std::string& line) {
  if (line.size() <= kChecksumDigits) return {};
  std::string content = line.substr(kChecksumDigits + 1);
  return line.starts_with(digits_of(checksum(content.data(), content.size()))) ? content : std::string();
}

/// What a source is: the same for the same files.
std::string header_of(const ImportSource& source) {
  Digest digest;
  for (const auto& file : source.files()) {
    digest.add(file.name.size());
    digest.add(file.name);
    digest.add(file.bytes);
    digest.add(static_cast<uint64_t>(file.modified));
  }
  const Json header = {{"format", kFormat}, {"source", digest.text()}, {"units", source.unit_count()}};
  return header.dump();
}

bool is_there(const std::string& folder, const RunFile& run) {
  std::string reason;
  const auto file = MappedFile::open(folder + "/" + run.name, MappedFile::Access::kSequential, reason);
  return file && file->text().size() == run.bytes && checksum(file->text().data(), run.bytes) == run.checksum;
}

bool are_there(const std::string& folder, const JournalEntry& entry) {
  for (const auto& run : entry.runs)
    if (!is_there(folder, run)) return false;
  return true;
}

}  // namespace

std::string Journal::text_of(const JournalEntry& entry) {
  Json json = {{"units", Json::array()},   {"runs", Json::array()},           {"totals", Json::array()},
               {"rejects", Json::array()}, {"degraded", entry.log.degraded_}, {"files", Json::array()}};
  for (const auto& unit : entry.units) json["units"].push_back({unit.number, unit.checksum, unit.file});
  for (const auto& run : entry.runs) json["runs"].push_back({run.name, run.bytes, run.checksum, run.offsets});
  for (const auto& [type, t] : entry.log.totals_)
    json["totals"].push_back({type, t.read, t.kept, t.repeated, t.rejected, t.out_of_scope, t.uncoded});
  for (const auto& r : entry.log.rejects_)
    json["rejects"].push_back({r.place.file, r.place.at, r.place.entry, r.type, r.code, r.reason});
  for (uint32_t file = 0; file < entry.log.files_.size(); ++file) {
    const auto& facts = entry.log.files_[file];
    if (facts.resources + facts.others > 0) json["files"].push_back({file, facts.resources, facts.others});
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<JournalEntry> Journal::entry_of(const std::string& text) {
  JournalEntry entry;
  try {
    const Json json = Json::parse(text);
    for (const auto& unit : json.at("units")) entry.units.push_back({unit.at(0), unit.at(1), unit.at(2)});
    for (const auto& run : json.at("runs"))
      entry.runs.push_back({run.at(0), run.at(1), run.at(2), run.at(3).get<BucketOffsets>()});
    for (const auto& t : json.at("totals"))
      entry.log.totals_[t.at(0)] = {t.at(1), t.at(2), t.at(3), t.at(4), t.at(5), t.at(6)};
    for (const auto& r : json.at("rejects"))
      entry.log.rejects_.push_back({{r.at(1), r.at(0), r.at(2)}, r.at(3), r.at(4), r.at(5)});
    entry.log.degraded_ = json.at("degraded").get<std::map<std::string, Instant>>();
    for (const auto& facts : json.at("files")) entry.log.file_facts(facts.at(0)) = {facts.at(1), facts.at(2)};
  } catch (const Json::exception&) {
    return std::nullopt;
  }
  return entry;
}

std::optional<Journal> Journal::open(const std::string& folder, const ImportSource& source, bool restart,
                                     std::vector<JournalEntry>& entries, DiagnosticSink& sink) {
  const std::string path = folder + "/" + kJournal;
  const std::string header = header_of(source);
  if (restart) remove(folder);
  std::ifstream text(path, std::ios::binary);
  std::string line;
  uint64_t whole = 0;  // what is behind was being written when the import was killed
  for (bool is_first = true; std::getline(text, line) && !text.eof(); is_first = false) {
    const std::string content = content_of(line);
    if (content.empty()) break;
    whole += line.size() + 1;
    if (is_first && content != header) {
      sink.add(data_diagnostic("VGL1308", {}, {folder}).with_hint("name another folder, or begin anew with --restart"));
      return std::nullopt;
    }
    if (is_first) continue;
    auto entry = entry_of(content);
    if (entry && are_there(folder, *entry)) entries.push_back(std::move(*entry));
  }
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0 || ::ftruncate(file, static_cast<off_t>(whole)) != 0 || ::lseek(file, 0, SEEK_END) < 0) {
    sink.add(data_diagnostic("VGL1309", {}, {path, std::generic_category().message(errno)}));
    if (file >= 0) ::close(file);
    return std::nullopt;
  }
  Journal journal(path, file);
  if (whole == 0 && !journal.append_line(header, sink)) return std::nullopt;
  return journal;
}

Journal::~Journal() {
  if (file_ >= 0) ::close(file_);
}

bool Journal::append(const JournalEntry& entry, DiagnosticSink& sink) { return append_line(text_of(entry), sink); }

bool Journal::append_line(const std::string& content, DiagnosticSink& sink) {
  const std::string line = digits_of(checksum(content.data(), content.size())) + ' ' + content + '\n';
  const auto written = ::write(file_, line.data(), line.size());
  if (written == static_cast<ssize_t>(line.size()) && ::fsync(file_) == 0) return true;
  sink.add(data_diagnostic("VGL1309", {}, {path_, std::generic_category().message(errno)}));
  return false;
}

void Journal::remove(const std::string& folder) {
  std::error_code error;
  std::vector<fs::path> files;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const auto name = at->path().filename().string();
    if (name.starts_with("run-")) files.push_back(at->path());
  }
  files.push_back(fs::path(folder) / kJournal);  // last: with it, a kill in between is made good
  for (const auto& file : files) fs::remove(file, error);
}

}  // namespace vigil::store
