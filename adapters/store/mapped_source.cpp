// SPDX-License-Identifier: Apache-2.0
// CSV files with a mapping as a source of an import.
#include <filesystem>

#include "store/checksum.h"
#include "store/import_source.h"
#include "store/resource_head.h"
#include "tables/mapping.h"

namespace vigil::store {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kRowsBetweenProgress = 256;

class MappedSource : public ImportSource {
 public:
  explicit MappedSource(tables::Mapping mapping) : mapping_(std::move(mapping)) {}

  /// False where a file of the mapping is not there.
  bool find_files(const std::string& path, DiagnosticSink& sink) {
    std::error_code error;
    const fs::path folder = fs::is_directory(path, error) ? fs::path(path) : fs::path(path).parent_path();
    for (const auto& table : mapping_.tables) {
      auto files = list_files((folder / table.file).string(), sink);
      if (files.size() != 1) return false;
      files_.push_back(std::move(files.front()));
    }
    return true;
  }

  const std::vector<InputFile>& files() const override { return files_; }
  size_t unit_count() const override { return files_.size(); }
  uint64_t unit_bytes(size_t unit) const override { return files_[unit].bytes; }

  uint64_t read_unit(size_t unit, Receiver& receiver, uint32_t& file) const override {
    file = static_cast<uint32_t>(unit);
    const auto& mapped = mapping_.tables[unit];
    const auto reader = tables::open_csv_table(files_[unit].path, receiver.sink());
    auto rows = reader ? tables::MappedRows::open(mapped, *reader, receiver.sink()) : std::nullopt;
    if (!rows) {
      receiver.log().degrade(mapped.resource_type);
      return 0;
    }
    Checksum sum;
    uint64_t done = 0;
    std::string problem;
    for (uint64_t number = 1; reader->next(); ++number) {
      const Place place{reader->line(), file};
      const auto json = rows->write(problem);
      if (!reader->problem().empty()) problem = reader->problem();
      sum.add(json);
      if (problem.empty())
        receiver.add({json, place, "row", read_instant(rows->filed())});
      else
        reject({place, mapped.resource_type, "VGL1315", problem}, known_since(*rows, *reader, json), receiver);
      if (number % kRowsBetweenProgress != 0) continue;
      const uint64_t now = reader->bytes_done();
      if (!receiver.advance(now - done)) break;
      done = now;
    }
    receiver.advance(files_[unit].bytes - std::min(done, files_[unit].bytes));
    return sum.value();
  }

 private:
  /// Of a row that is rejected; kAlways where nothing of it is sure.
  static Instant known_since(const tables::MappedRows& rows, const tables::TableReader& reader, std::string_view json) {
    if (!reader.problem().empty()) return kAlways;
    const auto filed = read_instant(rows.filed());
    return filed != kAlways ? filed : known_at_earliest(json);
  }

  static void reject(Reject reject, Instant from, Receiver& receiver) {
    auto& log = receiver.log();
    log.count_read(reject.type);
    log.count_resource_of(reject.place.file);
    log.degrade(reject.type, from);
    log.reject(std::move(reject));
  }

  tables::Mapping mapping_;
  std::vector<InputFile> files_;
};

}  // namespace

std::unique_ptr<ImportSource> open_mapped_source(const std::string& path, const std::string& mapping,
                                                 DiagnosticSink& sink) {
  auto read = tables::read_mapping(mapping, sink);
  if (!read) return nullptr;
  auto source = std::make_unique<MappedSource>(std::move(*read));
  return source->find_files(path, sink) ? std::move(source) : nullptr;
}

}  // namespace vigil::store
