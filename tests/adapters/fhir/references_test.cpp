// SPDX-License-Identifier: Apache-2.0
// Type and id in the forms a reference has.
#include "fhir/references.h"

#include <doctest/doctest.h>

using vigil::fhir::type_and_id;

TEST_CASE("relative, absolute and versioned references name type and id") {
  for (const auto* const text : {"Medication/1", "http://host/fhir/Medication/1", "Medication/1/_history/2",
                                 "https://host:8080/a/b/Medication/1/_history/2"})
    CHECK(type_and_id(text) == "Medication/1");
  CHECK(type_and_id("Patient/a.b-C") == "Patient/a.b-C");
}

TEST_CASE("what names no resource of R4 is none") {
  for (const auto* const text : {"", "/", "1", "/1", "#m", "urn:uuid:c757873d-ec9a-4326-a141-556f43239520",
                                 "urn:oid:1.2.3", "Medicine/1", "medication/1", "_history/2"})
    CHECK(type_and_id(text).empty());
}
