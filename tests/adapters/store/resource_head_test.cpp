// SPDX-License-Identifier: Apache-2.0
// Times of resources are read as the engine reads them.
#include "store/resource_head.h"

#include <doctest/doctest.h>

#include <random>

#include <vigil/primitives.h>

using namespace vigil;

namespace {

/// By the engine's reader alone.
Instant expected_of(std::string_view text) {
  if (const auto time = parse_instant(text)) return to_instant(*time);
  const auto partial = parse_fhir_primitive(Kind::kDateTime, text);
  return partial ? to_instant(partial->temporal) : kAlways;
}

}  // namespace

TEST_CASE("a time is read as the engine reads it, whatever its form, and so is what is none") {
  std::vector<std::string> texts = {"",           "2024",       "2024-02",    "2024-02-30",
                                    "2024-02-29", "2023-02-29", "0000-01-01", "9999-12-31"};
  for (const char* date : {"2024-02-10", "0001-01-01", "1969-12-31", "2024-02-28", "2000-02-29", "2024-00-10",
                           "2024-13-10", "2024-01-00", "2024/01/01", "20x4-01-01"})
    for (const char* time : {"", "T", "T08", "T08:30", "T08:30:00", "T23:59:59", "T24:00:00", "T08:60:00", "T08:30:60",
                             "t08:30:00", " 08:30:00", "T08.30:00", "T-8:30:00"})
      for (const char* zone : {"",       "Z",      "z",     "+00:00", "-05:00", "+14:00", "+14:01",     "+13:59",
                               "-13:60", "+15:00", "+0100", ".5Z",    ".123Z",  ".123",   ".123+02:00", ".123456Z",
                               ".12Z",   ".Z",     ".1x3Z", "ZZ",     "+1:000", "+01:0x"})
        texts.push_back(std::string(date) + time + zone);
  for (const auto& text : texts) {
    CAPTURE(text);
    CHECK(store::read_instant(text) == expected_of(text));
  }
  const std::string whole = "2024-02-10T08:30:59.123+01:00";
  std::mt19937 random(5);
  for (int i = 0; i < 20'000; ++i) {
    std::string text = whole.substr(0, random() % 4 == 0 ? random() % (whole.size() + 1) : whole.size());
    for (char& c : text)
      if (random() % 16 == 0) c = "0123456789-:TZ.+ "[random() % 17];
    CAPTURE(text);
    REQUIRE(store::read_instant(text) == expected_of(text));
  }
}
