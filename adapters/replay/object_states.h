// SPDX-License-Identifier: Apache-2.0
// Objects as they were: copies of what was read, with another status or without what came later.
#pragma once

#include <string_view>

#include <vigil/snapshot.h>

#include "replay/as_of.h"

namespace vigil::replay {

/// A copy of a resource read into the timeline, in the state an as-of version names. Parts that stay are shared with
/// the original. Where nothing differs it is a plain copy.
const Object* object_in_state(Timeline& timeline, const Object& stored, const Course& course,
                              const AsOfVersion& version);

}  // namespace vigil::replay
