// SPDX-License-Identifier: Apache-2.0
// Texts that others wrote: HL7's tests of CQL, and the library of the benchmark.
#include <doctest/doctest.h>

#include <algorithm>

#include "unit/parser/parsed.h"

using namespace vigil::test;

namespace {

/// Text of XML as meant.
std::string from_xml(std::string text) {
  const std::pair<std::string_view, char> kEntities[] = {
      {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&amp;", '&'}};
  for (const auto& [entity, character] : kEntities)
    for (size_t at = text.find(entity); at != std::string::npos; at = text.find(entity, at + 1))
      text.replace(at, entity.size(), 1, character);
  return text;
}

/// Of these HL7 expects a result, but the specification's ranges of Integer and Decimal leave them no value.
constexpr std::string_view kOutOfRange[] = {"Floor(2147483648)", "Floor(-2147483649)", "5.999999999 'g'"};

}  // namespace

TEST_CASE("The benchmark's library parses") {
  const auto path = shared_data() / "bench20" / "CdsRules.cql";
  if (!std::filesystem::exists(path)) {
    MESSAGE("skipped: no shared data; set VIGIL_SHARED_DATA");
    return;
  }
  const auto parsed = parse(read_text(path));
  CHECK(parsed.errors() == "");
  CHECK(parsed.library.declarations.size() == 69);
}

TEST_CASE("Each expression of HL7's tests parses, unless it is meant not to") {
  const auto folder = shared_data() / "cql-tests";
  if (!std::filesystem::is_directory(folder)) {
    MESSAGE("skipped: no shared data; set VIGIL_SHARED_DATA");
    return;
  }
  size_t count = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    const auto xml = read_text(file.path());
    for (size_t at = xml.find("<expression"); at != std::string::npos; at = xml.find("<expression", at + 1)) {
      const auto begin = xml.find('>', at) + 1;
      const auto text = from_xml(xml.substr(begin, xml.find("</expression>", begin) - begin));
      const bool invalid = xml.substr(at, begin - at).find("invalid=") != std::string::npos;
      if (invalid || std::find(std::begin(kOutOfRange), std::end(kOutOfRange), text) != std::end(kOutOfRange)) continue;
      ++count;
      CAPTURE(text);
      CHECK(parse_one(text).errors() == "");
    }
  }
  CHECK(count > 900);
}
