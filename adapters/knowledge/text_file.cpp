// SPDX-License-Identifier: Apache-2.0
// Reading a file whole, within the limit.
#include "knowledge/text_file.h"

#include <algorithm>
#include <fstream>
#include <system_error>
#include <utility>

namespace vigil {

TextFile::TextFile(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {
  if (text_.starts_with("\xEF\xBB\xBF")) text_.erase(0, 3);
  text_.reserve(text_.size() + kPadding);
}

size_t TextFile::line_of(size_t offset) const {
  offset = std::min(offset, text_.size());
  if (offset < counted_) {
    counted_ = 0;
    line_ = 1;
  }
  const auto at = [&](size_t i) { return text_.begin() + static_cast<ptrdiff_t>(i); };
  line_ += static_cast<size_t>(std::count(at(counted_), at(offset), '\n'));
  counted_ = offset;
  return line_;
}

std::optional<TextFile> read_text_file(const std::filesystem::path& path, DiagnosticSink& sink, size_t limit) {
  const std::string name = path.generic_string();
  std::error_code error;
  const auto fail = [&](std::string_view why) {
    sink.add(data_diagnostic("VGL1106", name, {name, why}));
    return std::nullopt;
  };
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) return fail("no such file");
  if (!std::filesystem::is_regular_file(status)) return fail("it is no file");
  const auto size = std::filesystem::file_size(path, error);
  if (error) return fail(error.message());
  if (size > limit) {
    sink.add(
        data_diagnostic("VGL1007", name, {std::to_string(size), std::to_string(limit)}).with_hint("split the file"));
    return std::nullopt;
  }
  std::string text;
  text.reserve(static_cast<size_t>(size) + TextFile::kPadding);
  text.resize(static_cast<size_t>(size));
  std::ifstream stream(path, std::ios::binary);
  if (!stream.is_open()) return fail("it cannot be opened");
  stream.read(text.data(), static_cast<std::streamsize>(size));
  if (stream.bad()) return fail("reading it failed");
  text.resize(static_cast<size_t>(stream.gcount()));
  return TextFile(name, std::move(text));
}

std::string excerpt(std::string_view text) {
  constexpr size_t kShown = 80;
  if (text.size() <= kShown) return std::string(text);
  size_t end = kShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // not within a character
  return std::string(text.substr(0, end)) + "...";
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const size_t begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

}  // namespace vigil
