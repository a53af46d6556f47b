// SPDX-License-Identifier: Apache-2.0
// Sealing, and what does not open.
#include "adapters/decision-log/log_fixture.h"

using namespace vigil;
using namespace vigil::test;

TEST_CASE("what is sealed opens with its key and context only") {
  const auto keys = ring({kKey});
  const auto sealed = keys.seal("warfarin", "context");
  REQUIRE(sealed);
  CHECK(sealed->find("warfarin") == std::string::npos);
  CHECK(keys.open(*sealed, "context", keys.id()) == "warfarin");
  CHECK_FALSE(keys.open(*sealed, "another", keys.id()));
  CHECK_FALSE(ring({kOtherKey}).open(*sealed, "context", keys.id()));
  for (size_t i = 0; i < sealed->size(); ++i) {
    auto changed = *sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    CHECK_FALSE(keys.open(changed, "context", keys.id()));
  }
  CHECK_FALSE(keys.open(sealed->substr(0, 20), "context", keys.id()));
  CHECK(keys.seal("warfarin", "context") != sealed);  // a nonce of its own each time
  CHECK(keys.open(*keys.seal("", "c"), "c", keys.id()) == "");
}

TEST_CASE("an older key opens what it sealed") {
  const auto sealed = ring({kKey}).seal("text", "c");
  CHECK(ring({kOtherKey, kKey}).open(*sealed, "c", ring({kKey}).id()) == "text");
}

TEST_CASE("what is no key is not taken") {
  decision_log::KeyRing keys;
  for (const auto& text : {std::string(), std::string("abc"), std::string(63, 'a'), std::string(64, 'g'), kKey + "00"})
    CHECK_FALSE(keys.add(text));
  CHECK(keys.add("  " + kKey + "\n"));
  CHECK(keys.id().size() == 16);
}
