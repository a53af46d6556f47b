// SPDX-License-Identifier: Apache-2.0
// The stages of an import: list files, read them into sorted runs, merge the runs into the store, finish.
#include "store/import.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "store/checksum.h"
#include "store/intake.h"
#include "store/mapped_file.h"
#include "store/source_files.h"
#include "store/store_format.h"
#include "store/whole_file.h"
#include "store/write_store.h"

namespace vigil::store {
namespace {

namespace fs = std::filesystem;

class Import {
 public:
  Import(const ImportOptions& options, const ProgressReport& report, DiagnosticSink& sink)
      : options_(options), report_(report), sink_(sink) {}

  std::optional<Manifest> run() {
    if (!prepare()) return std::nullopt;
    for (uint32_t i = 0; i < files_.size(); ++i)
      if (!read_file(i)) return std::nullopt;
    if (!write()) return std::nullopt;
    remove_runs();
    return manifest_;
  }

 private:
  bool prepare() {
    files_ = find_input_files(options_.source, sink_);
    if (files_.empty()) return false;
    for (const auto& file : files_) progress_.total += file.bytes;
    std::error_code error;
    if (fs::exists(fs::path(options_.folder) / kManifest, error)) {
      sink_.add(data_diagnostic("VGL1307", {}, {options_.folder, "a finished store"})
                    .with_hint("name another folder with --store, or delete this one"));
      return false;
    }
    fs::create_directories(options_.folder, error);
    if (!error) return true;
    sink_.add(data_diagnostic("VGL1309", {}, {options_.folder, error.message()}));
    return false;
  }

  bool read_file(uint32_t number) {
    const InputFile& file = files_[number];
    std::string reason;
    const auto mapped = MappedFile::open(file.path, MappedFile::Access::kSequential, reason);
    if (!mapped) {
      sink_.add(data_diagnostic("VGL1010", file.name, {file.path, reason}));
      manifest_.degraded.emplace_back();
      return true;
    }
    const auto text = mapped->text();
    Digest digest;
    digest.add(text);
    manifest_.sources.push_back({file.name, text.size(), digest.text()});
    if (file.form == FileForm::kLines) return read_lines(text, number);
    intake_.add(text, {0, number}, "file");
    return spill_if_full() && advance(text.size());
  }

  bool read_lines(std::string_view text, uint32_t number) {
    for (uint64_t line = 1; !text.empty(); ++line) {
      const size_t end = std::min(text.find('\n'), text.size());
      const auto content = text.substr(0, end);
      const size_t step = std::min(end + 1, text.size());
      text.remove_prefix(step);
      if (content.find_first_not_of(" \t\r") != std::string_view::npos) intake_.add(content, {line, number}, "line");
      if (!spill_if_full() || !advance(step)) return false;
    }
    return true;
  }

  bool advance(uint64_t bytes) {
    progress_.done += bytes;
    if (report_) report_(progress_);
    return true;
  }

  std::string run_path(size_t number) const { return options_.folder + "/run-" + std::to_string(number); }

  bool spill_if_full() {
    if (records_.bytes() < options_.memory_bytes) return true;
    records_.sort();
    FileWriter writer;
    if (!writer.open(run_path(runs_), sink_)) return false;
    std::string piece;
    bool done = true;
    for (size_t i = 0; done && i < records_.count(); ++i) {
      piece += records_.record_bytes(i);
      if (piece.size() < (size_t{4} << 20) && i + 1 < records_.count()) continue;
      done = writer.write(piece, sink_);
      piece.clear();
    }
    if (!done || !writer.close(true, sink_)) return false;
    ++runs_;
    records_.clear();
    return true;
  }

  bool write() {
    records_.sort();
    std::vector<RunCursor> runs;
    uint64_t bytes = records_.bytes();
    for (size_t i = 0; i < runs_; ++i) {
      std::string reason;
      auto file = MappedFile::open(run_path(i), MappedFile::Access::kSequential, reason);
      if (!file) {
        sink_.add(data_diagnostic("VGL1010", {}, {run_path(i), reason}));
        return false;
      }
      bytes += file->text().size();
      runs.emplace_back(std::move(*file));
    }
    if (!records_.empty()) runs.emplace_back(records_);
    manifest_.format = kFormat;
    if (!write_blocks(options_.folder, std::move(runs), bytes, report_, manifest_, log_, sink_)) return false;
    finish_log();
    return write_manifest(options_.folder, manifest_, sink_);
  }

  void finish_log() {
    for (const auto file : log_.drop_other_files())
      sink_.add(data_diagnostic("VGL1316", {}, {files_[file].name, "it holds no FHIR resource"}));
    for (const auto& reject : log_.rejects())
      if (reject.is_of_all) manifest_.degraded.push_back(reject.type);
    std::sort(manifest_.degraded.begin(), manifest_.degraded.end());
    const auto last = std::unique(manifest_.degraded.begin(), manifest_.degraded.end());
    manifest_.degraded.erase(last, manifest_.degraded.end());
    manifest_.totals = log_.totals();
  }

  void remove_runs() {
    std::error_code error;
    for (size_t i = 0; i < runs_; ++i) fs::remove(run_path(i), error);
  }

  const ImportOptions& options_;
  const ProgressReport& report_;
  DiagnosticSink& sink_;
  std::vector<InputFile> files_;
  RunBuffer records_;
  ImportLog log_;
  Intake intake_{records_, log_};
  Manifest manifest_;
  ImportProgress progress_;
  size_t runs_ = 0;
};

}  // namespace

std::optional<Manifest> import_fhir(const ImportOptions& options, const ProgressReport& report, DiagnosticSink& sink) {
  return Import(options, report, sink).run();
}

}  // namespace vigil::store
