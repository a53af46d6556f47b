// SPDX-License-Identifier: Apache-2.0
// POSIX.1-1988 ustar: a header of 512 bytes a file, contents padded to blocks, two empty blocks at the end.
#include "packs/pack_archive.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <set>

namespace vigil {

namespace {

constexpr size_t kBlock = 512;
constexpr size_t kMaxPath = 100;  // the header's field; its prefix field is not used
constexpr size_t kSizeAt = 124;
constexpr size_t kSizeDigits = 11;
constexpr size_t kSumAt = 148;
constexpr size_t kTypeAt = 156;

using Header = std::array<char, kBlock>;

void put(Header& header, size_t at, std::string_view text) {
  std::ranges::copy(text, header.begin() + static_cast<ptrdiff_t>(at));
}

Header make_header(std::string_view path, size_t size) {
  Header header{};
  put(header, 0, path);
  put(header, 100, "0000644");
  put(header, 108, "0000000");
  put(header, 116, "0000000");
  std::array<char, kSizeDigits + 1> digits{};
  std::snprintf(digits.data(), digits.size(), "%011zo", size);
  put(header, kSizeAt, {digits.data(), kSizeDigits});
  put(header, 136, "00000000000");
  put(header, kSumAt, "        ");
  header[kTypeAt] = '0';
  put(header, 257,
      std::string_view("ustar\0"
                       "00",
                       8));
  put(header, 329, "0000000");
  put(header, 337, "0000000");
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "%06o", sum);
  put(header, kSumAt, {text.data(), 7});  // six digits and a zero byte; the space behind them stays
  return header;
}

size_t padding_of(size_t size) { return (kBlock - size % kBlock) % kBlock; }

bool is_empty(std::string_view block) {
  return std::ranges::all_of(block, [](char c) { return c == '\0'; });
}

std::string_view path_of(std::string_view header) {
  const auto field = header.substr(0, kMaxPath);
  return field.substr(0, field.find('\0'));
}

std::optional<size_t> size_of(std::string_view header) {
  const auto field = header.substr(kSizeAt, kSizeDigits);
  size_t size = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), size, 8);
  if (error != std::errc() || end != field.data() + field.size()) return std::nullopt;
  return size;
}

/// Why a header is none of ours; empty where it is.
std::string judge_header(std::string_view header) {
  if (header.substr(257, 5) != "ustar") return "it is no tar archive";
  const auto path = path_of(header);
  const char type = header[kTypeAt];
  if (type == '1' || type == '2') return "it holds a link";
  if (type != '0') return "it holds something that is no file";
  if (!is_pack_path(path)) return "it holds a path that may not stand in a pack";
  const auto size = size_of(header);
  if (!size) return "a size in it is no number";
  if (*size > kMaxMemberBytes) return "`" + std::string(path) + "` is larger than a file of a pack may be";
  const auto expected = make_header(path, *size);
  if (header != std::string_view(expected.data(), expected.size()))
    return "the header of `" + std::string(path) + "` is not as a pack has it";
  return {};
}

}  // namespace

bool is_pack_path(std::string_view path) {
  if (path.empty() || path.size() > kMaxPath) return false;
  char before = '/';
  for (const char c : path) {
    const bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (!is_word && c != '-' && c != '.' && c != '/') return false;
    if (before == '/' && (c == '/' || c == '.')) return false;
    before = c;
  }
  return before != '/';
}

std::string write_archive(const std::vector<PackMember>& members) {
  std::string bytes;
  for (const auto& member : members) {
    const auto header = make_header(member.path, member.bytes.size());
    bytes.append(header.data(), header.size()).append(member.bytes);
    bytes.append(padding_of(member.bytes.size()), '\0');
  }
  return bytes.append(2 * kBlock, '\0');
}

std::optional<std::vector<PackMember>> read_archive(std::string_view bytes, std::string& problem) {
  std::vector<PackMember> members;
  std::set<std::string_view> paths;
  const auto fail = [&](std::string why) {
    problem = std::move(why);
    return std::nullopt;
  };
  if (bytes.size() > kMaxPackBytes) return fail("it is larger than a pack may be");
  for (size_t at = 0;;) {
    if (bytes.size() - at < kBlock) return fail("it is cut off");
    const auto header = bytes.substr(at, kBlock);
    at += kBlock;
    if (is_empty(header)) {
      if (bytes.size() - at < kBlock) return fail("it is cut off");
      if (bytes.size() - at > kBlock || !is_empty(bytes.substr(at))) return fail("something stands behind its end");
      return members;
    }
    if (auto why = judge_header(header); !why.empty()) return fail(std::move(why));
    const auto path = path_of(header);
    const size_t size = *size_of(header);
    const size_t whole = size + padding_of(size);
    if (bytes.size() - at < whole) return fail("it is cut off");
    if (!is_empty(bytes.substr(at + size, whole - size))) return fail("something stands between its files");
    if (!paths.insert(path).second) return fail("`" + std::string(path) + "` stands in it twice");
    if (members.size() == kMaxPackMembers) return fail("it holds more files than a pack may");
    members.push_back({std::string(path), std::string(bytes.substr(at, size))});
    at += whole;
  }
}

}  // namespace vigil
