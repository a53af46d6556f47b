// SPDX-License-Identifier: Apache-2.0
// The list of what was not kept.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "store/mapped_file.h"
#include "store/store_format.h"
#include "store/whole_file.h"
#include "store/write_store.h"

namespace vigil::store {
namespace {

/// Numbers of lines by their offsets, which ascend.
class LineCounter {
 public:
  explicit LineCounter(const std::string& path) {
    std::string reason;
    file_ = MappedFile::open(path, MappedFile::Access::kSequential, reason);
  }
  /// 0 where the file is gone.
  uint64_t line_of(uint64_t offset) {
    if (!file_ || offset > file_->text().size()) return 0;
    const auto text = file_->text().substr(at_, offset - at_);
    line_ += static_cast<uint64_t>(std::count(text.begin(), text.end(), '\n'));
    at_ = offset;
    return line_;
  }

 private:
  std::optional<MappedFile> file_;
  uint64_t at_ = 0;
  uint64_t line_ = 1;
};

}  // namespace

bool write_rejects(const std::string& folder, const ImportLog& log, const std::vector<InputFile>& files,
                   DiagnosticSink& sink) {
  using Json = nlohmann::ordered_json;
  std::string text;
  std::optional<LineCounter> lines;
  const InputFile* last = nullptr;
  for (const auto& reject : log.rejects()) {
    const InputFile& file = files[reject.place.file];
    if (&file != last && file.places_are_offsets) lines.emplace(file.path);
    last = &file;
    const uint64_t line = file.places_are_offsets ? lines->line_of(reject.place.at) : reject.place.at;
    Json json = {{"file", file.name}};
    if (line > 0) json["line"] = line;
    if (reject.place.entry != Place::kNoEntry) json["entry"] = reject.place.entry;
    if (!reject.type.empty()) json["type"] = reject.type;
    json["code"] = reject.code;
    json["reason"] = reject.reason;
    text += json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  }
  return write_whole_file(folder + "/" + kRejects, text, sink);
}

}  // namespace vigil::store
