// SPDX-License-Identifier: Apache-2.0
// Properties of replays of random histories: the future never matters, nor does the order of the input, nor how the
// work is shared, nor a kill.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <random>

#include <vigil/primitives.h>

#include "replay/moments.h"
#include "replay_fixture.h"

using namespace vigil;

namespace {

/// A resource's line, and when it was known.
struct KnownLine {
  std::string text;
  Instant known = kAlways;
};

std::string instant(Instant t) { return replay::instant_text(t); }

constexpr std::array<const char*, 3> kDrugs = {"warfarin", "ibuprofen", "metformin"};

/// The bundle of a history with one version, known since `t`.
KnownLine version_line(const std::string& resource, Instant t) {
  return {R"({"resourceType":"Bundle","type":"history","entry":[{"resource":)" +
              resource.substr(0, resource.find('\n')) + R"(,"response":{"lastModified":")" + instant(t) + "\"}}]}\n",
          t};
}

std::string order_by_reference(const std::string& id, const std::string& patient, const std::string& medication,
                               Instant authored) {
  return R"({"resourceType":"MedicationRequest","id":")" + id +
         R"(","status":"active","intent":"order","subject":{"reference":"Patient/)" + patient +
         R"("},"medicationReference":{"reference":"Medication/)" + medication + R"("},"authoredOn":")" +
         instant(authored) + "\"}\n";
}

/// Medications that all patients' orders refer to, of another drug in each version.
void add_medications(std::mt19937& random, Instant begin, std::vector<KnownLine>& lines) {
  for (int m = 0; m < 3; ++m)
    for (Instant t = begin + static_cast<Instant>(random() % 100) * 86'400'000; t < begin + Instant{730} * 86'400'000;
         t += static_cast<Instant>(1 + random() % 200) * 86'400'000)
      lines.push_back(version_line(R"({"resourceType":"Medication","id":"m)" + std::to_string(m) +
                                       R"(","code":{"coding":[{"system":"urn:test","code":")" +
                                       kDrugs[random() % kDrugs.size()] + R"("}]}})",
                                   t));
}

/// Histories of some patients over two years, seeded.
std::vector<KnownLine> random_histories(unsigned seed, int patients) {
  std::mt19937 random(seed);
  const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  const Instant begin = to_instant(*parse_instant("2020-01-01"));
  const auto some_time = [&] { return begin + Instant{pick(2 * 365 * 24)} * 3'600'000; };
  std::vector<KnownLine> lines;
  add_medications(random, begin, lines);
  for (int p = 0; p < patients; ++p) {
    const std::string patient = "p" + std::to_string(p);
    lines.push_back({test::patient_line(patient), kAlways});
    if (pick(3) == 0) {  // another birth date and sex came to light
      const Instant later = some_time();
      lines.back().text.insert(1, R"("meta":{"lastUpdated":"2019-01-01T00:00:00Z"},)");
      lines.push_back({R"({"meta":{"lastUpdated":")" + instant(later) + R"("},"resourceType":"Patient","id":")" +
                           patient + R"(","gender":"male","birthDate":"1970-01-01"})" + "\n",
                       later});
    }
    const int facts = 3 + pick(12);
    for (int f = 0; f < facts; ++f) {
      const std::string id = patient + "-" + std::to_string(f);
      const Instant t = some_time();
      static constexpr std::array<const char*, 4> kStatuses = {"active", "completed", "stopped", "active"};
      switch (pick(12)) {
        case 0:
        case 1: {
          const bool has_end = pick(2) == 0;
          const auto end = instant(t + Instant{1 + pick(60)} * 86'400'000);
          lines.push_back({test::order_line(id, patient, kDrugs[static_cast<size_t>(pick(3))], instant(t),
                                            kStatuses[static_cast<size_t>(pick(4))],
                                            has_end ? R"(,"dispenseRequest":{"validityPeriod":{"end":")" + end + "\"}}"
                                                    : std::string()),
                           t});
          break;
        }
        case 2:
          lines.push_back({test::egfr_line(id, patient, 15 + pick(60), R"("issued":")" + instant(t) + "\""), t});
          break;
        case 3:
          lines.push_back({test::condition_line(id, patient, pick(2) == 0 ? "active" : "resolved", instant(t),
                                                pick(2) == 0 ? R"(,"abatementDateTime":")" +
                                                                   instant(t + Instant{pick(90)} * 86'400'000) + "\""
                                                             : std::string()),
                           t});
          break;
        case 4: lines.push_back({order_by_reference(id, patient, "m" + std::to_string(pick(3)), t), t}); break;
        case 5: {  // versions of the patient's own
          lines.push_back(version_line(test::condition_line(id, patient, "active", instant(t)), t));
          const Instant later = t + Instant{1 + pick(200)} * 86'400'000;
          lines.push_back(version_line(test::condition_line(id, patient, "resolved", instant(t)), later));
          break;
        }
        case 6: {  // versions of an export that tells no history
          const Instant later = t + Instant{1 + pick(200)} * 86'400'000;
          const auto update = [&](Instant updated) { return R"(,"meta":{"lastUpdated":")" + instant(updated) + "\"}"; };
          lines.push_back({test::condition_line(id, patient, "active", instant(t), update(later - 3'600'000)), t});
          lines.push_back({test::condition_line(id, patient, "resolved", instant(t), update(later)), later});
          break;
        }
        case 7: {  // dated by a day
          const Instant day = t - t % 86'400'000;
          lines.push_back({test::condition_line(id, patient, "active", instant(t).substr(0, 10)), day});
          break;
        }
        case 9: {  // dated by a clinical time alone, or revised: it may have been there since then
          auto line = test::egfr_line(id, patient, 15 + pick(60), R"("effectiveDateTime":")" + instant(t) + "\"");
          if (pick(2) == 0)
            line = test::egfr_line(id, patient, 15 + pick(60),
                                   R"("effectiveDateTime":")" + instant(t) + R"(","issued":")" +
                                       instant(t + Instant{pick(30)} * 86'400'000) + "\"");
          if (line.find("issued") != std::string::npos) line.replace(line.find("final"), 5, "corrected");
          lines.push_back({line, t});
          break;
        }
        case 8:  // texts that contradict each other
          for (const int value : {20, 60})
            lines.push_back({test::egfr_line(id, patient, value, R"("issued":")" + instant(t) + "\""), t});
          break;
        default:
          lines.push_back(
              {test::encounter_line(id, patient, instant(t), instant(t + Instant{1 + pick(9)} * 86'400'000)), t});
      }
    }
  }
  return lines;
}

std::string joined(const std::vector<KnownLine>& lines) {
  std::string text;
  for (const auto& line : lines) text += line.text;
  return text;
}

/// Lines of triggers, decisions and findings whose trigger is at or before an instant, without what counts the future.
std::vector<std::string> said_until(const std::map<std::string, std::string>& tables, Instant until) {
  std::vector<std::string> said;
  std::vector<std::string> ids;
  const auto each_line = [](const std::string& text, auto visit) {
    for (size_t begin = 0; begin < text.size();) {
      const size_t end = text.find('\n', begin);
      visit(text.substr(begin, end - begin));
      begin = end + 1;
    }
  };
  const auto value = [](const std::string& line, const std::string& name) {
    const auto at = line.find("\"" + name + "\":\"") + name.size() + 4;
    return line.substr(at, line.find('"', at) - at);
  };
  each_line(tables.at("triggers"), [&](std::string line) {
    if (value(line, "t0") > instant(until)) return;
    const auto hidden = line.find("\"hidden_later\"");
    line.erase(hidden, line.find(',', hidden) - hidden);
    ids.push_back(value(line, "trigger_id"));
    said.push_back(std::move(line));
  });
  for (const char* name : {"decisions", "findings", "evidence", "missing"})
    each_line(tables.at(name), [&](const std::string& line) {
      const auto id = value(line, "decision_id");
      if (std::ranges::find(ids, id.substr(0, id.find('-'))) != ids.end()) said.push_back(line);
    });
  return said;
}

bool run(const test::ReplayBench& bench, const replay::RunFolder& folder, const replay::RunOptions& options,
         DiagnosticSink& sink) {
  return replay::run_parts(replay::make_plan(bench.input), replay::make_worker_maker(bench.input), folder, options, {},
                           sink);
}

}  // namespace

TEST_CASE("facts known only later change nothing, and deleting the future changes nothing") {
  for (unsigned seed = 1; seed <= 6; ++seed) {
    INFO("seed " << seed);
    test::ReplayBench bench;
    const auto lines = random_histories(seed, 12);
    const Instant cut = to_instant(*parse_instant("2021-01-01"));
    auto past = lines;
    std::erase_if(past, [&](const KnownLine& line) { return line.known > cut; });
    bench.import(joined(lines), "whole");
    const auto whole = bench.replay("out-whole");
    bench.import(joined(past), "past");
    const auto without_future = bench.replay("out-past");
    CHECK(said_until(whole, cut) == said_until(without_future, cut));
    CHECK(said_until(whole, to_instant(*parse_instant("2030-01-01"))).size() >
          said_until(whole, cut).size());  // it is no test of nothing
  }
}

TEST_CASE("the order of the input changes nothing") {
  test::ReplayBench bench;
  auto lines = random_histories(11, 20);
  bench.import(joined(lines), "ordered");
  const auto ordered = bench.replay("out-ordered");
  std::mt19937 random(5);
  std::ranges::shuffle(lines, random);
  bench.import(joined(lines), "shuffled");
  CHECK(bench.replay("out-shuffled") == ordered);
  CHECK(test::count_lines(ordered.at("decisions"), "fired") > 0);
}

TEST_CASE("any number of threads and of shards gives the same bytes") {
  test::ReplayBench bench;
  bench.input.options.leakage = true;
  bench.import(joined(random_histories(12, 60)));
  const auto one = bench.replay("one");
  CHECK(bench.replay("four", {.threads = 4}) == one);
  std::vector<replay::RunFolder> shards;
  for (size_t shard = 0; shard < 3; ++shard) {
    shards.emplace_back(bench.folder / ("shard" + std::to_string(shard)));
    REQUIRE(run(bench, shards.back(), {.threads = 2, .shard = shard, .shards = 3}, bench.sink));
  }
  CHECK(bench.assemble(shards, "merged") == one);
  shards.pop_back();
  CHECK_FALSE(replay::assemble(shards, replay::RunFolder(bench.folder / "short"), "ndjson", bench.sink).has_value());
  CHECK(bench.sink.all().back().code == "VGL1227");
  CHECK(bench.sink.all().back().message.find("2 of 8 parts are not done") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(bench.folder / "short"));  // nothing is begun that cannot be finished
  const replay::RunFolder finished(bench.folder / "one");
  finished.remove_parts();
  CHECK_FALSE(
      replay::assemble({&finished, 1}, replay::RunFolder(bench.folder / "again"), "ndjson", bench.sink).has_value());
  CHECK(bench.sink.all().back().message.find("finished result") != std::string::npos);
}

TEST_CASE("a run that is killed and begun again ends as one that was not") {
  test::ReplayBench bench;
  bench.import(joined(random_histories(13, 120)));
  const auto undisturbed = bench.replay("undisturbed");
  std::mt19937 random(7);
  for (int round = 0; round < 20; ++round) {
    const std::string out = "killed" + std::to_string(round);
    const auto wait = static_cast<useconds_t>(random() % 30'000);
    const pid_t child = ::fork();
    if (child == 0) {
      DiagnosticSink sink;
      const bool done = run(bench, replay::RunFolder(bench.folder / out), {}, sink);
      ::_exit(done ? 0 : 1);
    }
    ::usleep(wait);
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(bench.replay(out) == undisturbed);
  }
}

TEST_CASE("a folder of another run is not written into") {
  test::ReplayBench bench;
  bench.import(joined(random_histories(14, 3)));
  bench.replay("out");
  bench.input.options.all_rows = true;
  DiagnosticSink sink;
  CHECK_FALSE(run(bench, replay::RunFolder(bench.folder / "out"), {}, sink));
  CHECK(test::codes(sink) == std::vector<std::string>{"VGL1224"});
  CHECK_FALSE(replay::RunFolder(bench.folder / "nothing").plan(sink).has_value());
}
