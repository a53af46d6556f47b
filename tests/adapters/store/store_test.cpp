// SPDX-License-Identifier: Apache-2.0
// What does not change the store, and what damages it.
#include "store/store.h"

#include <doctest/doctest.h>
#include <zlib.h>

#include <algorithm>
#include <random>

#include "store/journal.h"
#include "store/read_source.h"
#include "store/store_format.h"
#include "store_fixture.h"

using namespace vigil;

namespace {

/// Lines about several patients: repeated ones, versions, contradictions, and what is about nobody.
std::vector<std::string> some_lines() {
  std::vector<std::string> lines;
  for (int p = 0; p < 40; ++p) {
    const std::string patient = "p" + std::to_string(p * 7919 % 1000);
    lines.push_back(R"({"resourceType":"Patient","id":")" + patient + "\"}");
    for (int o = 0; o < 12; ++o) {
      const std::string id = patient + "-" + std::to_string(o % 9);
      const bool has_versions = o % 9 == 1;
      lines.push_back(R"({"resourceType":"Observation","id":")" + id + R"(","subject":{"reference":"Patient/)" +
                      patient + R"("},"issued":"2020-01-0)" + std::to_string(o % 9 + 1) + R"(T00:00:00Z")" +
                      (has_versions ? R"(,"meta":{"lastUpdated":"2021-02-0)" + std::to_string(o / 9 + 1) + "\"}" : "") +
                      (o == 9 ? R"(,"status":"final")" : "") + "}");
    }
    lines.push_back(R"({"resourceType":"Medication","id":"m)" + std::to_string(p % 5) + "\"}");
  }
  return lines;
}

void write_lines(const test::TemporaryFolder& folder, const std::vector<std::string>& lines, size_t files) {
  for (size_t f = 0; f < files; ++f) {
    std::string text;
    for (size_t i = f; i < lines.size(); i += files) text += lines[i] + "\n";
    folder.write("source/part" + std::to_string(f) + ".ndjson", text);
  }
}

std::optional<store::Manifest> import(const test::TemporaryFolder& folder, const std::string& name,
                                      store::ImportOptions options = {}) {
  DiagnosticSink sink;
  const auto source = store::open_fhir_source(folder / "source", sink);
  REQUIRE(source);
  options.folder = folder / name;
  return store::import(*source, options, {}, sink);
}

std::string gzip(const std::string& text) {
  std::string out(text.size() + 1000, '\0');
  z_stream z{};
  REQUIRE(deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&z, Z_FINISH) == Z_STREAM_END);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

void damage(const std::string& path, size_t at) {
  auto text = test::read_text(path);
  REQUIRE(at < text.size());
  text[at] = static_cast<char>(text[at] ^ 0x20);
  std::ofstream(path, std::ios::binary) << text;
}

}  // namespace

TEST_CASE("neither the order of lines and files, nor memory, threads or compression change the store") {
  auto lines = some_lines();
  test::TemporaryFolder first;
  write_lines(first, lines, 1);
  const auto expected = import(first, "store");
  REQUIRE(expected);
  const auto files = test::data_files(first / "store");
  CHECK(files.size() == store::kSegments + 3);
  std::mt19937 random(1);
  for (int round = 0; round < 8; ++round) {
    CAPTURE(round);
    std::shuffle(lines.begin(), lines.end(), random);
    test::TemporaryFolder folder;
    write_lines(folder, lines, 1 + static_cast<size_t>(round) % 4);
    if (round % 2 == 1) {
      const auto path = folder / "source/part0.ndjson";
      folder.write("source/part0.ndjson.gz", gzip(test::read_text(path)));
      std::filesystem::remove(path);
    }
    const size_t memory = round < 4 ? size_t{1} << 30 : size_t{3000} * static_cast<size_t>(round);
    const auto manifest = import(
        folder, "store", {.folder = {}, .memory_bytes = memory, .threads = 1u + static_cast<unsigned>(round) % 3});
    REQUIRE(manifest);
    CHECK(manifest->digest == expected->digest);
    CHECK(test::data_files(folder / "store") == files);
    CHECK(manifest->totals.at("Observation").rejected == expected->totals.at("Observation").rejected);
  }
}

TEST_CASE("an interrupted import goes on behind what its journal holds, and comes to the same store") {
  test::TemporaryFolder folder;
  write_lines(folder, some_lines(), 7);
  REQUIRE(import(folder, "whole"));
  const auto expected = test::data_files(folder / "whole");
  DiagnosticSink sink;
  const auto source = store::open_fhir_source(folder / "source", sink);
  const store::ImportOptions options{.folder = folder / "store", .memory_bytes = 1};
  std::filesystem::create_directories(options.folder);
  {  // All is read, nothing written: as after a kill in the second stage.
    std::vector<store::JournalEntry> entries;
    auto journal = store::Journal::open(options.folder, *source, false, entries, sink);
    REQUIRE(journal);
    store::SourceRead read;
    std::atomic<uint64_t> done = 0;
    REQUIRE(store::read_source(*source, options, {}, *journal, done, read, sink));
  }
  const std::string journal = folder / "store/import.journal";
  const std::string whole = test::read_text(journal);
  const auto runs = [&] {
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(options.folder))
      if (entry.path().filename().string().starts_with("run-")) files[entry.path()] = test::read_text(entry.path());
    return files;
  }();
  REQUIRE(runs.size() >= 7);
  std::mt19937 random(2);
  for (int round = 0; round < 25; ++round) {
    CAPTURE(round);
    std::filesystem::remove_all(options.folder);
    std::filesystem::create_directories(options.folder);
    for (const auto& [path, text] : runs) std::ofstream(path, std::ios::binary) << text;
    // A kill leaves the journal cut anywhere, and runs it does not name half written.
    std::ofstream(journal, std::ios::binary) << whole.substr(0, random() % (whole.size() + 1));
    if (round % 3 == 0) std::filesystem::resize_file(runs.begin()->first, runs.begin()->second.size() / 2);
    DiagnosticSink again;
    const auto manifest = store::import(*source, options, {}, again);
    REQUIRE(manifest);
    CHECK(test::data_files(options.folder) == expected);
    for (const auto& [type, totals] : manifest->totals) CHECK(totals.reconcile());
    CHECK_FALSE(std::filesystem::exists(journal));
  }
}

TEST_CASE("VGL1308: an interrupted import of other data is not gone on with") {
  test::TemporaryFolder folder;
  write_lines(folder, some_lines(), 2);
  DiagnosticSink sink;
  std::vector<store::JournalEntry> entries;
  std::filesystem::create_directories(folder / "store");
  {
    const auto source = store::open_fhir_source(folder / "source", sink);
    REQUIRE(store::Journal::open(folder / "store", *source, false, entries, sink));
  }
  CHECK_FALSE(store::Store::open(folder / "store", sink));
  CHECK(test::codes(sink) == std::vector<std::string>{"VGL1302"});
  folder.write("source/more.ndjson", "{\"resourceType\":\"Patient\",\"id\":\"new\"}\n");
  const auto source = store::open_fhir_source(folder / "source", sink);
  DiagnosticSink refused;
  CHECK_FALSE(store::import(*source, {.folder = folder / "store"}, {}, refused));
  CHECK(test::codes(refused) == std::vector<std::string>{"VGL1308"});
  CHECK(store::import(*source, {.folder = folder / "store", .restart = true}, {}, refused));
  CHECK_FALSE(store::import(*source, {.folder = folder / "store"}, {}, refused));
  CHECK(test::codes(refused).back() == "VGL1307");
}

TEST_CASE("damage is found: VGL1301, VGL1303, VGL1304, VGL1305") {
  test::TemporaryFolder folder;
  write_lines(folder, some_lines(), 1);
  REQUIRE(import(folder, "store"));
  const auto open = [&](const char* name = "store") {
    DiagnosticSink sink;
    const auto opened = store::Store::open(folder / name, sink);
    return sink.all().empty() ? std::string() : std::string(sink.all()[0].code);
  };
  CHECK(open() == "");
  CHECK(open("nowhere") == "VGL1301");
  const std::string segment = folder / "store/patients-003.data";
  SUBCASE("a block") {
    damage(segment, 100);
    DiagnosticSink sink;
    const auto opened = store::Store::open(folder / "store", sink);
    REQUIRE(opened);
    store::PatientVersions versions;
    size_t damaged = 0;
    for (size_t i = 0; i < opened->patient_count(); ++i)
      if (!opened->read(i, versions, sink)) {
        ++damaged;
        CHECK(versions.versions().empty());
      }
    CHECK(damaged == 1);
    CHECK(test::codes(sink) == std::vector<std::string>{"VGL1305"});
  }
  SUBCASE("a segment that is cut off") {
    std::filesystem::resize_file(segment, std::filesystem::file_size(segment) - 1);
    CHECK(open() == "VGL1304");
  }
  SUBCASE("the index") {
    damage(folder / "store/patients.index", 60);
    CHECK(open() == "VGL1304");
  }
  SUBCASE("the manifest") {
    damage(folder / "store/manifest.json", 0);
    CHECK(open() == "VGL1301");
  }
  SUBCASE("another format") {
    auto manifest = test::read_text(folder / "store/manifest.json");
    manifest.replace(manifest.find("\"format\": 3"), 11, "\"format\": 9");
    folder.write("store/manifest.json", manifest);
    CHECK(open() == "VGL1303");
  }
}

TEST_CASE("rejects name their file, line and reason; files of other kinds are passed over") {
  test::TemporaryFolder folder;
  const std::string good = R"({"resourceType":"Patient","id":"p"})";
  folder.write("source/a.ndjson", good + "\n{broken\n\n" + R"({"resourceType":"Condition","id":"c"})" + "\n" +
                                      R"({"resourceType":"Wonder","id":"w"})" + "\n{\"id\":\"x\"}\n");
  folder.write("source/cut.ndjson.gz", gzip(good + "\n" + good).substr(0, 30));
  folder.write("source/log.ndjson", "{\"event\":1}\n{\"event\":2}\n");
  folder.write("source/readme.txt", "hello");
  DiagnosticSink sink;
  const auto source = store::open_fhir_source(folder / "source", sink);
  const auto manifest = store::import(*source, {.folder = folder / "store"}, {}, sink);
  REQUIRE(manifest);
  const auto rejects = test::read_text(folder / "store/rejects.ndjson");
  CHECK(rejects.find(R"("file":"a.ndjson","line":2,"code":"VGL1001")") != std::string::npos);
  CHECK(rejects.find(R"("file":"a.ndjson","line":4,"type":"Condition","code":"VGL1003")") != std::string::npos);
  CHECK(rejects.find(R"("file":"a.ndjson","line":6,"code":"VGL1002")") != std::string::npos);
  CHECK(rejects.find("log.ndjson") == std::string::npos);
  CHECK(manifest->totals.at("Wonder").out_of_scope == 1);
  CHECK(manifest->totals.at("").out_of_scope == 2);
  for (const auto& [type, totals] : manifest->totals) CHECK(totals.reconcile());
  CHECK(manifest->degraded == std::map<std::string, Instant>{{"", kAlways}, {"Condition", kAlways}});
  auto found = test::codes(sink);
  std::sort(found.begin(), found.end());
  CHECK(found == std::vector<std::string>{"VGL1310", "VGL1311", "VGL1316", "VGL1316"});
}

TEST_CASE("VGL1306 and VGL1309: nothing to import, nowhere to write") {
  test::TemporaryFolder folder;
  folder.write("source/readme.txt", "hello");
  DiagnosticSink sink;
  CHECK_FALSE(store::open_fhir_source(folder / "source", sink));
  CHECK(test::codes(sink).back() == "VGL1306");
  CHECK_FALSE(store::open_fhir_source(folder / "nowhere", sink));
  CHECK(test::codes(sink).back() == "VGL1202");
  folder.write("source/p.ndjson", R"({"resourceType":"Patient","id":"p"})");
  const auto source = store::open_fhir_source(folder / "source", sink);
  CHECK_FALSE(store::import(*source, {.folder = folder / "source/p.ndjson/store"}, {}, sink));
  CHECK(test::codes(sink).back() == "VGL1309");
}
