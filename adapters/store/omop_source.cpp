// SPDX-License-Identifier: Apache-2.0
// OMOP tables as a source of an import.
#include <filesystem>

#include "omop/omop_tables.h"
#include "store/checksum.h"
#include "store/import_source.h"
#include "store/resource_head.h"

namespace vigil::store {
namespace {

/// Hands rows on as lines of JSON. The checksum of a table is the sum of its resources', as a database gives its rows
/// in any order.
class RowsToReceiver : public omop::RowVisitor {
 public:
  RowsToReceiver(uint32_t file, Receiver& receiver) : file_(file), receiver_(receiver) {}

  void resource(std::string_view json, std::string_view type, uint64_t line, bool is_coded) override {
    sum_ += store::checksum(json.data(), json.size());
    if (!is_coded) receiver_.log().count_uncoded(type);
    receiver_.add({json, {line, file_}, "row"});
  }
  void broken(std::string_view type, uint64_t line, std::string_view reason, std::string_view json) override {
    broken_part(type, line, reason);
    receiver_.log().degrade(type, known_at_earliest(json));
  }
  /// Counted, but the type is not degraded: every rule that asks for an age would be unknown, of all patients.
  void broken_part(std::string_view type, uint64_t line, std::string_view reason) override {
    auto& log = receiver_.log();
    log.count_read(type);
    log.reject({{line, file_}, std::string(type), "VGL1315", std::string(reason)});
    log.count_resource_of(file_);
  }
  void passed_over(std::string_view type) override {
    receiver_.log().count_read(type);
    receiver_.log().count_out_of_scope(type);
    receiver_.log().count_resource_of(file_);
  }
  bool progress(uint64_t bytes) override { return receiver_.advance(bytes); }
  uint64_t checksum() const { return sum_; }

 private:
  uint32_t file_;
  Receiver& receiver_;
  uint64_t sum_ = 0;
};

class OmopSource : public ImportSource {
 public:
  explicit OmopSource(omop::OmopTables tables) : tables_(std::move(tables)) {
    const auto state = tables_.state();
    for (const auto& table : tables_.tables()) {
      std::error_code error;
      const auto modified = state.empty()
                                ? std::filesystem::last_write_time(table.path, error).time_since_epoch().count()
                                : static_cast<int64_t>(checksum(state.data(), state.size()));
      files_.push_back({table.path, table.name, table.size, modified, false});
    }
  }
  bool counts_rows() const override { return tables_.counts_rows(); }
  const std::vector<InputFile>& files() const override { return files_; }
  size_t unit_count() const override { return files_.size(); }
  uint64_t unit_bytes(size_t unit) const override { return files_[unit].bytes; }

  uint64_t read_unit(size_t unit, Receiver& receiver, uint32_t& file) const override {
    file = static_cast<uint32_t>(unit);
    RowsToReceiver rows(file, receiver);
    const auto read = tables_.read(unit, rows, receiver.sink());
    if (read == omop::TableRead::kNone) receiver.log().degrade({});
    if (read == omop::TableRead::kBroken) receiver.abandon();
    return rows.checksum();
  }

 private:
  omop::OmopTables tables_;
  std::vector<InputFile> files_;
};

}  // namespace

std::unique_ptr<ImportSource> open_omop_source(const std::string& source, DiagnosticSink& sink,
                                               std::string_view schemas) {
  auto tables = omop::OmopTables::open(source, sink, schemas);
  return tables ? std::make_unique<OmopSource>(std::move(*tables)) : nullptr;
}

}  // namespace vigil::store
