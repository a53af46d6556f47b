// SPDX-License-Identifier: Apache-2.0
// From parts to tables: rows in the order of patients, then the sums of what was counted.
#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "replay/row_buffer.h"
#include "replay/run_replay.h"
#include "replay/table_sink.h"

namespace vigil::replay {

namespace {

/// Adds up rows whose last cells are numbers and whose others say what is counted.
class Sums {
 public:
  Sums(TableId id, size_t key_cells) : id_(id), key_cells_(key_cells) {}

  void add(const TableRow& row) {
    Key key;
    for (size_t c = 0; c < key_cells_; ++c)
      key.emplace_back(row.cells[c].is_text() ? 0 : row.cells[c].number(), row.cells[c].text());
    auto& sums = sums_[key];
    sums.resize(row.cells.size() - key_cells_);
    for (size_t c = key_cells_; c < row.cells.size(); ++c) sums[c - key_cells_] += row.cells[c].number();
  }

  void write(RowBuffer& rows) const {
    for (const auto& [key, sums] : sums_) {
      rows.begin(id_);
      for (size_t c = 0; c < key_cells_; ++c) {
        if (table(id_).columns[c].type == ColumnType::kInteger)
          rows.add(key[c].first);
        else
          rows.add(key[c].second);
      }
      for (const auto sum : sums) rows.add(sum);
      rows.end();
    }
  }

  template <class Visit>
  void for_each(Visit visit) const {
    for (const auto& [key, sums] : sums_) visit(key, sums);
  }

 private:
  using Key = std::vector<std::pair<int64_t, std::string>>;
  TableId id_;
  size_t key_cells_;
  std::map<Key, std::vector<int64_t>> sums_;
};

class Assembler {
 public:
  Assembler(const RunPlan& plan, TableSink& to, DiagnosticSink& sink) : plan_(plan), to_(to), sink_(sink) {}

  bool add_rows(std::string_view text) {
    while (!text.empty()) {
      const size_t end = std::min(text.find('\n'), text.size());
      if (!parse_row(text.substr(0, end), row_))
        return report_unwritable("parts", "a part holds what is no row", sink_);
      text.remove_prefix(std::min(end + 1, text.size()));
      switch (row_.table) {
        case TableId::kOutcomeCounts: outcomes_.add(row_); break;
        case TableId::kClauseCoverage: coverage_.add(row_); break;
        case TableId::kChangeCounts: changes_.add(row_); break;
        case TableId::kDataProblems: problems_.add(row_); break;
        case TableId::kRun: totals_.add(row_); break;
        default:
          if (!write(row_)) return false;
      }
    }
    return true;
  }

  bool finish() {
    RowBuffer rows;
    outcomes_.write(rows);
    coverage_.write(rows);
    changes_.write(rows);
    write_rates(rows);
    problems_.write(rows);
    rows.text() += plan_.rule_rows;
    for (const auto& [name, value] : plan_.settings) rows.begin(TableId::kRun).add(name).add(value).end();
    totals_.write(rows);
    std::string_view text = rows.text();
    while (!text.empty()) {
      const size_t end = text.find('\n');
      if (!parse_row(text.substr(0, end), row_) || !write(row_)) return false;
      text.remove_prefix(end + 1);
    }
    return to_.finish(sink_);
  }

  std::string manifest(std::string_view format) const {
    nlohmann::ordered_json settings;
    for (const auto& [name, value] : plan_.settings) settings[name] = value;
    nlohmann::ordered_json counts;
    totals_.for_each([&](const auto& key, const auto& sums) { counts[key[0].second] = sums[0]; });
    nlohmann::ordered_json row_counts;
    for (const auto& info : tables())
      if (info.is_part_of(plan_.kind))
        row_counts[std::string(info.name)] = rows_[static_cast<size_t>(&info - tables().data())];
    const nlohmann::ordered_json json = {{"format", "vigil replay 1"},
                                         {"tables_as", format},
                                         {"settings", settings},
                                         {"totals", counts},
                                         {"rows", row_counts}};
    return json.dump(2) + "\n";
  }

  std::vector<ChangeSum> changes() const {
    std::vector<ChangeSum> changes;
    changes_.for_each([&](const auto& key, const auto& sums) {
      changes.push_back({static_cast<uint32_t>(key[0].first), key[1].second, key[2].second, {}});
      std::ranges::copy(sums, changes.back().counts.begin());
    });
    return changes;
  }

  RunTotals totals() const {
    RunTotals totals;
    totals_.for_each([&](const auto& key, const auto& sums) { totals.emplace_back(key[0].second, sums[0]); });
    std::map<std::string, int64_t> by_outcome;
    outcomes_.for_each(
        [&](const auto& key, const auto& sums) { by_outcome[key[2].second + " " + key[3].second] += sums[0]; });
    totals.insert(totals.end(), by_outcome.begin(), by_outcome.end());
    return totals;
  }

 private:
  void write_rates(RowBuffer& rows) const {
    for (const auto& sum : changes())
      for (const auto& [change, count] : {std::pair("added", sum.added()), std::pair("lost", sum.lost())}) {
        const auto rate = share_per_100(count);
        rows.begin(TableId::kChangeRates).add(int64_t{sum.rule_id}).add(sum.subgroup).add(sum.value).add(change);
        rows.add(rate.per_100).add(rate.low).add(rate.high).end();
      }
  }

  bool write(const TableRow& row) {
    ++rows_[static_cast<size_t>(row.table)];
    return to_.add(row, sink_);
  }

  const RunPlan& plan_;
  TableSink& to_;
  DiagnosticSink& sink_;
  TableRow row_;
  Sums outcomes_{TableId::kOutcomeCounts, 4};
  Sums coverage_{TableId::kClauseCoverage, 3};
  Sums changes_{TableId::kChangeCounts, 3};
  Sums problems_{TableId::kDataProblems, 2};
  Sums totals_{TableId::kRun, 1};
  std::array<int64_t, kTableCount> rows_{};
};

std::nullopt_t refuse(const std::string& path, std::string_view why, DiagnosticSink& sink, std::string_view hint) {
  sink.add(data_diagnostic("VGL1227", path, {why}).with_hint(std::string(hint)));
  return std::nullopt;
}

constexpr std::string_view kShardsOfOne =
    "name the folders of all shards of one run, each made with the same rules, store, options and key";

/// Whether all parts are in one of the folders; else says which are not, and why that may be.
bool has_all_parts(std::span<const RunFolder> folders, const RunPlan& plan, DiagnosticSink& sink) {
  size_t missing = 0;
  for (size_t part = 0; part < plan.part_count(); ++part)
    missing += std::ranges::none_of(folders, [&](const RunFolder& folder) { return folder.has_part(part); }) ? 1 : 0;
  if (missing == 0) return true;
  for (const auto& folder : folders)
    if (folder.has_result()) {
      refuse(folder.path(), "this is a finished result and no shard", sink,
             "take it as it is; `vigil merge` takes the folders that `vigil replay --shard` made");
      return false;
    }
  const bool is_none = missing == plan.part_count();
  refuse(folders.front().path(),
         is_none ? std::string("no part of the run is done")
                 : std::to_string(missing) + " of " + std::to_string(plan.part_count()) + " parts are not done",
         sink, "run the shards that are missing or were stopped, and name the folders of all");
  return false;
}

std::optional<std::string> find_part(std::span<const RunFolder> folders, size_t part) {
  for (const auto& folder : folders)
    if (auto rows = folder.read_part(part)) return rows;
  return std::nullopt;
}

}  // namespace

std::optional<Assembled> assemble(std::span<const RunFolder> from, const RunFolder& to, std::string_view format,
                                  DiagnosticSink& sink) {
  std::optional<RunPlan> plan;
  for (const auto& folder : from) {
    const auto its_plan = folder.plan(sink);
    if (!its_plan) return std::nullopt;
    if (plan && plan->run_id != its_plan->run_id)
      return refuse(folder.path(), "the shards are of different runs", sink, kShardsOfOne);
    plan = its_plan;
  }
  if (!plan) return refuse(to.path(), "there is no shard", sink, kShardsOfOne);
  if (!has_all_parts(from, *plan, sink)) return std::nullopt;  // before anything is made of the result
  const auto tables_sink = make_table_sink(format, plan->kind, to.path());
  if (!to.begin(*plan, sink) || tables_sink == nullptr || !tables_sink->begin(sink)) return std::nullopt;
  Assembler assembler(*plan, *tables_sink, sink);
  for (size_t part = 0; part < plan->part_count(); ++part) {
    const auto rows = find_part(from, part);
    if (!rows) return refuse(to.path(), "part " + std::to_string(part) + " was taken away", sink, kShardsOfOne);
    if (!assembler.add_rows(*rows)) return std::nullopt;
  }
  if (!assembler.finish() || !to.write_file("manifest.json", assembler.manifest(format), sink)) return std::nullopt;
  return Assembled{assembler.totals(), assembler.changes()};
}

}  // namespace vigil::replay
