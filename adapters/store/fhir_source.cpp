// SPDX-License-Identifier: Apache-2.0
// NDJSON files in units of lines, other files as one unit each.
#include <algorithm>
#include <optional>

#include "store/checksum.h"
#include "store/import_source.h"
#include "store/inflate.h"
#include "store/mapped_file.h"

namespace vigil::store {
namespace {

constexpr uint64_t kUnitBytes = uint64_t{8} << 20;  // little enough that no thread waits long for the last one
constexpr uint64_t kLeastKept = uint64_t{1} << 20;
constexpr size_t kAhead = 4096;
constexpr size_t kMostKept = 10'000;
constexpr size_t kSummedBytes = size_t{256} << 10;
constexpr size_t kInflateBytes = size_t{1} << 20;
/// A Bundle larger than this is no patient's; it would take all memory.
constexpr size_t kMaxDocument = size_t{2} << 30;

/// Asks for bytes that are read soon: by itself the processor does not look beyond the end of a page.
void prefetch(std::string_view text, size_t begin, size_t end) {
  constexpr size_t kLine = 64;
  for (end = std::min(end, text.size()); begin < end; begin += kLine) __builtin_prefetch(text.data() + begin);
}

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

struct Unit {
  uint32_t file = 0;
  uint64_t begin = 0;  ///< lines that begin in [begin, end)
  uint64_t end = 0;
};

class FhirSource : public ImportSource {
 public:
  void add_file(InputFile file) {
    std::string_view rest = file.name;
    const bool is_compressed = rest.ends_with(".gz");
    if (is_compressed) rest.remove_suffix(3);
    const bool is_lines = !rest.ends_with(".json");
    const auto number = static_cast<uint32_t>(files_.size());
    file.places_are_offsets = is_lines && !is_compressed;
    const uint64_t step = file.places_are_offsets ? kUnitBytes : std::max<uint64_t>(file.bytes, 1);
    for (uint64_t begin = 0; begin < file.bytes; begin += step)
      units_.push_back({number, begin, std::min(begin + step, file.bytes)});
    forms_.push_back({is_lines, is_compressed});
    auto& mapped = maps_.emplace_back();
    // The kernel allows some 65,000 maps; small files are rather copied.
    std::string reason;
    if (file.places_are_offsets && file.bytes >= kLeastKept && maps_.size() <= kMostKept)
      mapped = MappedFile::open(file.path, MappedFile::Access::kSequential, reason);
    files_.push_back(std::move(file));
  }

  const std::vector<InputFile>& files() const override { return files_; }
  size_t unit_count() const override { return units_.size(); }
  uint64_t unit_bytes(size_t unit) const override { return units_[unit].end - units_[unit].begin; }
  void release(size_t unit) const override {
    // With a page the kernel maps those around it, so a unit brings back the end of the one before.
    constexpr uint64_t kAround = uint64_t{2} << 20;
    const Unit& at = units_[unit];
    if (const auto& mapped = maps_[at.file]) mapped->release(at.begin - std::min(at.begin, kAround), at.end);
  }

  uint64_t read_unit(size_t number, Receiver& receiver, uint32_t& file_number) const override {
    const Unit& unit = units_[number];
    file_number = unit.file;
    const InputFile& file = files_[unit.file];
    std::string reason;
    std::optional<MappedFile> own;
    const bool stays = maps_[unit.file].has_value();
    if (!stays) own = MappedFile::open(file.path, MappedFile::Access::kSequential, reason);
    const auto& mapped = stays ? maps_[unit.file] : own;
    if (!mapped) {
      receiver.sink().add(data_diagnostic("VGL1010", file.name, {file.path, reason}));
      receiver.log().degrade({});
      return 0;
    }
    const auto text = mapped->text();
    const auto bytes = text.substr(std::min<size_t>(unit.begin, text.size()), unit.end - unit.begin);
    const Form form = forms_[unit.file];
    if (form.is_compressed)
      form.is_lines ? inflate_lines(*mapped, unit.file, receiver) : inflate_document(text, unit.file, receiver);
    else if (form.is_lines)
      return read_lines(text, unit, stays, receiver);
    else
      receiver.add({std::string(text), {0, unit.file}, "file"});
    if (!form.is_lines) receiver.advance(text.size());
    return checksum(bytes.data(), bytes.size());
  }

 private:
  struct Form {
    bool is_lines = false;
    bool is_compressed = false;
  };

  /// The checksum is made on the way: the bytes are in the cache then.
  static uint64_t read_lines(std::string_view text, const Unit& unit, bool stays, Receiver& receiver) {
    Checksum sum;
    size_t summed = std::min<size_t>(unit.begin, text.size());
    const auto sum_up_to = [&](size_t end) {
      end = std::clamp<size_t>(end, summed, std::min<size_t>(unit.end, text.size()));
      sum.add(text.substr(summed, end - summed));
      summed = end;
    };
    size_t at = summed;
    if (at > 0 && text[at - 1] != '\n') {  // the line that begins before is the unit's before
      const size_t end = text.find('\n', at);
      at = end == std::string_view::npos ? text.size() : end + 1;
    }
    uint64_t reported = unit.begin;
    while (at < unit.end && at < text.size()) {
      const size_t end = std::min(text.find('\n', at), text.size());
      const auto line = text.substr(at, end - at);
      prefetch(text, at + kAhead, end + kAhead);
      if (!is_blank(line)) {
        // A reader of JSON looks at the byte behind; behind a file's last page there may be none.
        if (end < text.size())
          receiver.add({line, {at, unit.file}, "line", kAlways, stays});
        else
          receiver.add({std::string(line), {at, unit.file}, "line"});
      }
      at = end + 1;
      const uint64_t done = std::min<uint64_t>(at, unit.end);
      if (done - summed >= kSummedBytes) sum_up_to(done);
      if (!receiver.advance(done - reported)) break;
      reported = done;
    }
    sum_up_to(unit.end);
    return sum.value();
  }

  void inflate_lines(const MappedFile& mapped, uint32_t file, Receiver& receiver) const {
    Inflater inflater(mapped.text());
    std::string lines;
    uint64_t number = 0;
    size_t used = 0;
    bool has_more = true;
    while (has_more) {
      has_more = inflater.read(lines, kInflateBytes);
      size_t begin = 0;
      for (size_t end = lines.find('\n'); begin < lines.size(); end = lines.find('\n', begin)) {
        if (end == std::string::npos && has_more) break;
        const auto line = std::string_view(lines).substr(begin, std::min(end, lines.size()) - begin);
        ++number;
        if (!is_blank(line)) receiver.add({line, {number, file}, "line"});
        begin = std::min(end, lines.size() - 1) + 1;
      }
      lines.erase(0, begin);
      const size_t now = inflater.used();
      if (!receiver.advance(now - used)) return;
      mapped.release(used, now);
      used = now;
    }
    report_gzip(inflater, file, receiver);
  }

  void inflate_document(std::string_view text, uint32_t file, Receiver& receiver) const {
    Inflater inflater(text);
    std::string document;
    while (inflater.read(document, kInflateBytes) && document.size() < kMaxDocument) continue;
    if (document.size() >= kMaxDocument)
      receiver.sink().add(data_diagnostic("VGL1310", files_[file].name, {"it is larger than 2 GiB"}));
    report_gzip(inflater, file, receiver);
    receiver.add({document, {0, file}, "file"});
  }

  void report_gzip(const Inflater& inflater, uint32_t file, Receiver& receiver) const {
    if (inflater.problem().empty()) return;
    receiver.sink().add(data_diagnostic("VGL1310", files_[file].name, {inflater.problem()})
                            .with_hint("what came before is imported; copy the file again"));
    receiver.log().degrade({});
  }

  std::vector<InputFile> files_;
  std::vector<Form> forms_;
  std::vector<std::optional<MappedFile>> maps_;  ///< of files whose lines stay where they are
  std::vector<Unit> units_;
};

bool is_fhir(std::string_view name) {
  if (name.ends_with(".gz")) name.remove_suffix(3);
  return name.ends_with(".ndjson") || name.ends_with(".jsonl") || name.ends_with(".json");
}

}  // namespace

std::unique_ptr<ImportSource> open_fhir_source(const std::string& path, DiagnosticSink& sink) {
  auto source = std::make_unique<FhirSource>();
  auto files = list_files(path, sink);
  if (files.empty() && sink.has_errors()) return nullptr;
  for (auto& file : files) {
    if (is_fhir(file.name))
      source->add_file(std::move(file));
    else
      sink.add(data_diagnostic("VGL1316", {}, {file.name, "it is neither JSON nor NDJSON"}));
  }
  if (source->files().empty()) {
    sink.add(data_diagnostic("VGL1306", {}, {path})
                 .with_hint("expected FHIR R4 as .ndjson or .json files, also with .gz, or OMOP tables"));
    return nullptr;
  }
  return source;
}

}  // namespace vigil::store
