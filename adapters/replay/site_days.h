// SPDX-License-Identifier: Apache-2.0
// Days of the site that a source dates by: they begin at its midnight, not at UTC's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fhir/json_text.h"
#include "store/store.h"

namespace vigil::replay {

/// A version whose times, where its resource gives a date without a time for them, are midnights of the site, at its
/// offset from UTC in minutes. The store keeps them as midnights of UTC; with an offset of 0 nothing is looked at.
store::StoredVersion at_site_midnights(const store::StoredVersion& version, const fhir::JsonText& json,
                                       int16_t site_offset);

/// When a version at the site's midnights was surely known: the end of the day, month or year that is all its source
/// tells of the time, where what tells it is its issue, recording, authoring, filing or clinical begin; else its
/// known_from.
Instant known_by(const store::StoredVersion& version, const fhir::JsonText& json, int16_t site_offset);

/// "+05:30" in minutes; none where it is no offset (FHIR R4 dateTime: from -14:00 to +14:00).
std::optional<int16_t> parse_offset(std::string_view text);
std::string offset_text(int16_t minutes);

}  // namespace vigil::replay
