// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz target over the files of folders, and over each file cut and changed a little: the test without
// libFuzzer.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

void run(const std::string& text) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(text.data()), text.size());
}

void run_with_changes(const std::string& text) {
  constexpr size_t kMostPlaces = 200;
  constexpr char kBytes[] = {'"', '{', ']', ',', '\\', '\n', '\xFF', '0'};
  run(text);
  const size_t step = text.size() / kMostPlaces + 1;
  for (size_t at = 0; at < text.size(); at += step) {
    run(text.substr(0, at));
    std::string changed = text;
    changed[at] = kBytes[at % sizeof kBytes];
    run(changed);
    changed = text;
    changed.erase(at, 1);
    run(changed);
    changed.insert(at, text.substr(at / 2, 17));
    run(changed);
  }
}

}  // namespace

int main(int count, char** arguments) {
  size_t files = 0;
  for (int i = 1; i < count; ++i)
    for (const auto& file : std::filesystem::directory_iterator(arguments[i])) {
      std::ifstream stream(file.path(), std::ios::binary);
      run_with_changes(std::string(std::istreambuf_iterator<char>(stream), {}));
      ++files;
    }
  std::printf("%zu files\n", files);
  return files == 0 ? 1 : 0;
}
