// SPDX-License-Identifier: Apache-2.0
// The container: what is written is read; anything else is refused with its reason.
#include "packs/pack_archive.h"

#include <doctest/doctest.h>

#include <array>
#include <cstdio>

using namespace vigil;

namespace {

const std::vector<PackMember> kMembers = {
    {"manifest.json", "{}"}, {"a/rules.vigil", std::string(513, 'x')}, {"z.md", ""}};

std::string why_not(const std::string& bytes) {
  std::string problem;
  CHECK_FALSE(read_archive(bytes, problem));
  return problem;
}

/// Changes a header's bytes and makes its checksum right again, as a forger would.
std::string forged(size_t at, std::string_view text, size_t header = 0) {
  auto bytes = write_archive(kMembers);
  bytes.replace(header + at, text.size(), text);
  bytes.replace(header + 148, 8, "        ");
  unsigned sum = 0;
  for (size_t i = 0; i < 512; ++i) sum += static_cast<unsigned char>(bytes[header + i]);
  std::array<char, 8> digits{};
  std::snprintf(digits.data(), digits.size(), "%06o", sum);
  return bytes.replace(header + 148, 7, std::string_view(digits.data(), 7));
}

}  // namespace

TEST_CASE("members come back as they were, and the same members give the same bytes") {
  const auto bytes = write_archive(kMembers);
  CHECK(bytes.size() == 512 * 2 + 512 + 1024 + 512 + 1024);
  std::string problem;
  const auto read = read_archive(bytes, problem);
  REQUIRE(read);
  REQUIRE(read->size() == 3);
  for (size_t i = 0; i < 3; ++i) {
    CHECK((*read)[i].path == kMembers[i].path);
    CHECK((*read)[i].bytes == kMembers[i].bytes);
  }
  CHECK(write_archive(*read) == bytes);
}

TEST_CASE("every truncation is refused") {
  const auto bytes = write_archive(kMembers);
  for (size_t size = 0; size < bytes.size(); size += 97) CHECK(why_not(bytes.substr(0, size)) == "it is cut off");
  CHECK(why_not(bytes.substr(0, bytes.size() - 1)) == "it is cut off");
  CHECK(why_not(bytes + '\0') == "something stands behind its end");
}

TEST_CASE("paths that climb, are absolute, or hide are refused") {
  for (const std::string path : {"../evil.vigil", "a/../../b", "/etc/passwd", "a//b", "a/", "", ".hidden", "a/.b",
                                 "a\\b", "a b", "a:b", "\xC3\xA4.vigil"}) {
    CAPTURE(path);
    CHECK_FALSE(is_pack_path(path));
    CHECK(why_not(forged(0, path + std::string(14, '\0'))) == "it holds a path that may not stand in a pack");
  }
  CHECK(is_pack_path(std::string(100, 'a')));
  CHECK_FALSE(is_pack_path(std::string(101, 'a')));
}

TEST_CASE("links, devices and folders are refused") {
  CHECK(why_not(forged(156, "2")) == "it holds a link");
  CHECK(why_not(forged(156, "1")) == "it holds a link");
  for (const auto* type : {"3", "4", "5", "6", "7", "x", "g", "L", "S"})
    CHECK(why_not(forged(156, type)) == "it holds something that is no file");
}

TEST_CASE("sizes that lie are refused") {
  CHECK(why_not(forged(124, "77777777777")).find("larger than a file") != std::string::npos);
  CHECK(why_not(forged(124, "-0000000001")) == "a size in it is no number");
  CHECK(why_not(forged(124, "\x80\0\0\0\0\0\0\0\0\0\1")) == "a size in it is no number");
  CHECK(why_not(forged(124, "00000010000")) == "it is cut off");
}

TEST_CASE("what no pack has in its headers is refused: owners, times, modes, names of users") {
  for (const size_t at : {size_t{100}, size_t{108}, size_t{136}, size_t{265}, size_t{345}, size_t{500}})
    CHECK(why_not(forged(at, "1")) == "the header of `manifest.json` is not as a pack has it");
  auto bytes = write_archive(kMembers);
  bytes[150] = '7';
  CHECK(why_not(bytes) == "the header of `manifest.json` is not as a pack has it");
}

TEST_CASE("content between files, a file twice, and other formats are refused") {
  auto bytes = write_archive(kMembers);
  bytes[512 + 2] = 'x';
  CHECK(why_not(bytes) == "something stands between its files");
  CHECK(why_not(write_archive({kMembers[0], kMembers[0]})) == "`manifest.json` stands in it twice");
  CHECK(why_not(std::string("\x1F\x8B", 2) + std::string(2000, 'x')) == "it is no tar archive");
  CHECK(why_not(std::string(kMaxPackBytes + 1, '\0')) == "it is larger than a pack may be");
  CHECK(why_not(write_archive(std::vector<PackMember>(1, {"big", std::string(kMaxMemberBytes + 1, 'x')})))
            .find("larger") != std::string::npos);
  std::vector<PackMember> many;
  for (size_t i = 0; i <= kMaxPackMembers; ++i) many.push_back({"f" + std::to_string(i), ""});
  CHECK(why_not(write_archive(many)) == "it holds more files than a pack may");
}
