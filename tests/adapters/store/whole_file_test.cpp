// SPDX-License-Identifier: Apache-2.0
// Files that are whole or not there, small and larger than the writer's buffers.
#include "store/whole_file.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "store_fixture.h"

using namespace vigil;

namespace {

constexpr size_t kMegabyte = size_t{1} << 20;

std::string text_of(size_t size) {
  std::string text(size, ' ');
  uint32_t state = 7;
  for (char& c : text) c = static_cast<char>('a' + (state = state * 1'664'525 + 1'013'904'223) / 200'000'000);
  return text;
}

}  // namespace

TEST_CASE("a file holds what was written, in pieces of any size, on disk and in memory") {
  const test::TemporaryFolder folder;
  std::vector<std::string> paths = {folder / "file"};
  if (std::filesystem::exists("/dev/shm")) paths.push_back("/dev/shm/vigil_whole_file_test");  // takes no direct output
  for (const auto& path : paths)
    for (const size_t size : {size_t{0}, size_t{1}, kMegabyte - 1, kMegabyte, kMegabyte + 1, 3 * kMegabyte + 4097}) {
      const std::string text = text_of(size);
      DiagnosticSink sink;
      store::FileWriter writer;
      REQUIRE(writer.open(path, sink));
      for (size_t at = 0; at < size; at += 300'007)
        REQUIRE(writer.write(std::string_view(text).substr(at, 300'007), sink));
      CHECK(writer.size() == size);
      REQUIRE(writer.close(true, sink));
      CHECK(test::read_text(path) == text);
      std::filesystem::remove(path);
    }
}

TEST_CASE("a disk that is full is told, at the latest when the file is closed") {
  for (const size_t size : {size_t{10}, 5 * kMegabyte}) {
    DiagnosticSink sink;
    store::FileWriter writer;
    REQUIRE(writer.open("/dev/full", sink));
    CHECK_FALSE((writer.write(text_of(size), sink) && writer.close(false, sink)));
    REQUIRE(sink.all().size() == 1);
    CHECK(sink.all()[0].code == "VGL1309");
    CHECK_FALSE(writer.is_open());
  }
}

TEST_CASE("a writer that is dropped leaves its thread behind no one") {
  const test::TemporaryFolder folder;
  DiagnosticSink sink;
  store::FileWriter writer;
  REQUIRE(writer.open(folder / "file", sink));
  CHECK(writer.write(text_of(2 * kMegabyte), sink));
}

TEST_CASE("what is made in place, of any size, is written whole, also when its end is waited for later") {
  const test::TemporaryFolder folder;
  const std::vector<size_t> sizes = {1, 5000, 700'000, 400'000, 3 * kMegabyte, 4096, 0, 1'200'000, 77};
  for (size_t count = 1; count <= sizes.size(); ++count) {
    CAPTURE(count);
    std::string expected;
    DiagnosticSink sink;
    store::FileWriter writer;
    REQUIRE(writer.open(folder / "file", sink));
    for (size_t i = 0; i < count; ++i) {
      const std::string piece = text_of(sizes[i]);
      std::copy(piece.begin(), piece.end(), writer.extend(piece.size()));
      REQUIRE(writer.flush(sink));
      expected += piece;
    }
    CHECK(writer.size() == expected.size());
    writer.begin_close(true);
    REQUIRE(writer.close(true, sink));
    CHECK(test::read_text(folder / "file") == expected);
  }
}
