// SPDX-License-Identifier: Apache-2.0
// Once warm, clearing, filling and viewing a timeline take nothing from the heap.
#include <doctest/doctest.h>

#include <string>

#include "facts.h"
#include "support/allocations.h"

using namespace vigil;

TEST_CASE("a warm timeline and snapshot allocate nothing") {
  test::Facts f;
  Snapshot snapshot;
  std::vector<std::string> codes;
  for (int i = 0; i < 50; ++i) codes.push_back(std::string("unknown-code-").append(std::to_string(i)));
  size_t before = 0;
  for (int round = 0; round < 5; ++round) {
    before = test::allocations();
    f.timeline.clear();
    for (const auto& code : codes) {
      f.timeline.intern("http://example.org/system", code);
      Object* request = f.make("MedicationRequest", code);
      f.set(*request, "medicationReference", f.reference("Medication/m"));
      f.add_url(request, code);
    }
    f.add(f.make("Medication", "m"));
    f.add(f.make("Medication", "m"));
    f.timeline.at(0, f.sink, snapshot);
  }
  CHECK(test::allocations() == before);
  CHECK(snapshot.all_facts().size() == 51);
}
