// SPDX-License-Identifier: Apache-2.0
// The floor and its opposite: the pairs of the ONC high-priority list interrupt, those of the non-interruptive list
// inform, whichever drug is ordered and whichever rule tells of them.
#include "packs.h"

#include <map>
#include <set>

using namespace vigil;
using namespace vigil::test;

namespace {

std::filesystem::path table(std::string_view name) {
  return std::filesystem::path(VIGIL_SOURCE_DIR) / "tests/rules" / name;
}

/// The tier at which the pair is told, `ordered` being signed while `current` is taken.
Tier tier_of(const std::string& ordered, const std::string& current) {
  return highest(Packs::all().sign(order("current", "active", current), order("new", "draft", ordered)),
                 "drug-interaction");
}

/// A table names each drug beside its code: they must belong together.
void check_name(const std::string& code, const std::string& name) {
  const auto& knowledge = Packs::all().knowledge();
  const auto id = knowledge.find_concept(kDefaultCodeSystem, code);
  REQUIRE_MESSAGE(id != 0, code);
  CHECK(knowledge.display(id) == name);
}

std::filesystem::path shared_list(std::string_view name) {
  const auto path = shared_data() / "knowledge-sources/onc-lists" / name;
  if (std::filesystem::exists(path)) return path;
  MESSAGE("skipped: no shared data (set VIGIL_SHARED_DATA)");
  return {};
}

struct Pair {
  std::string a, name_a, b, name_b;
};

/// The list as expanded to RxNorm codes, of all drugs the knowledge base recognises.
std::vector<Pair> expanded(const std::filesystem::path& path) {
  std::vector<Pair> pairs;
  std::istringstream lines(read_text(path));
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    std::istringstream cells(line);
    Pair pair;
    for (auto* cell : {&pair.a, &pair.name_a, &pair.b, &pair.name_b}) std::getline(cells, *cell, '\t');
    pairs.push_back(pair);
  }
  REQUIRE(pairs.size() > 1000);
  return pairs;
}

}  // namespace

TEST_CASE("each high-priority class pair interrupts: generic, branded and combination products") {
  std::set<std::string> classes;
  for (const auto& row : read_rows_of(table("onc_high.csv"))) {
    CAPTURE(row[1]);
    CAPTURE(row[4]);
    CAPTURE(row[6]);
    check_name(row[3], row[4]);
    check_name(row[5], row[6]);
    CHECK(tier_of(row[3], row[5]) >= Tier::kInterruptive);
    CHECK(tier_of(row[5], row[3]) >= Tier::kInterruptive);
    classes.insert(row[0]);
  }
  CHECK(classes.size() == 15);
}

TEST_CASE("each low-priority class pair informs, and no more") {
  std::set<std::string> classes;
  for (const auto& row : read_rows_of(table("onc_low.csv"))) {
    CAPTURE(row[0]);
    CAPTURE(row[3]);
    CAPTURE(row[5]);
    check_name(row[2], row[3]);
    check_name(row[4], row[5]);
    CHECK(tier_of(row[2], row[4]) == Tier::kPassive);
    CHECK(tier_of(row[4], row[2]) == Tier::kPassive);
    classes.insert(row[0]);
  }
  CHECK(classes.size() == 28);
}

TEST_CASE("every pair of the high-priority list's expansion interrupts, but for what SOURCES.md leaves out") {
  const auto path = shared_list("onc_high_rxcui_pairs.tsv");
  if (path.empty()) return;
  // Members of class pair 21 that no source which may be shipped rates as prolonging QT: cocaine, sevoflurane,
  // sulpiride, halofantrine, dronedarone, anagrelide.
  const std::set<std::string> left_out = {"2653", "36453", "10239", "50749", "233698", "596724"};
  size_t told = 0;
  for (const auto& pair : expanded(path)) {
    CAPTURE(pair.a);
    CAPTURE(pair.b);
    if (left_out.contains(pair.a) || left_out.contains(pair.b)) continue;
    CHECK(tier_of(pair.a, pair.b) >= Tier::kInterruptive);
    CHECK(tier_of(pair.b, pair.a) >= Tier::kInterruptive);
    ++told;
  }
  CHECK(told == 898);
}

TEST_CASE("every pair of the non-interruptive list's expansion informs, but for those another source rates higher") {
  const auto path = shared_list("onc_nonint_rxcui_pairs.tsv");
  if (path.empty()) return;
  // The expansion's misreadings (SOURCES.md, onc-nonint): methacholine and niclosamide for salicylates, azoles for the
  // skin for systemic ones.
  const std::set<std::string> misread = {"155080", "7402"};
  const std::set<std::string> proton_pump = {"7646", "17128", "40790", "114979", "283742", "816346"};
  size_t passive = 0, higher = 0, azoles = 0;
  for (const auto& pair : expanded(path)) {
    if (misread.contains(pair.a) || misread.contains(pair.b)) continue;
    const auto tier = tier_of(pair.a, pair.b);
    if (tier == Tier::kSilent && (proton_pump.contains(pair.a) || proton_pump.contains(pair.b))) {
      ++azoles;
      continue;
    }
    CAPTURE(pair.name_a);
    CAPTURE(pair.name_b);
    CHECK(tier >= Tier::kPassive);
    CHECK(tier <= Tier::kInterruptive);
    ++(tier == Tier::kPassive ? passive : higher);
  }
  CHECK(azoles == 36);
  // Sotalol with citalopram or escitalopram: both prolong QT, and the high-priority list comes first.
  CHECK(higher == 2);
  CHECK(passive == 2016);
}
