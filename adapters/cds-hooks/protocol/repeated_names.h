// SPDX-License-Identifier: Apache-2.0
// Names that stand twice in one object. RFC 8259 leaves open which of the two counts (section 4), and FHIR forbids them
// (R4, "JSON Representation of Resources": property names shall be unique): what such an object says depends on who
// reads it.
#pragma once

#include <optional>
#include <string>

#include "cds-hooks/protocol/json_document.h"

namespace vigil::hooks {

/// Where a name stands twice in this object, "context.draftOrders.entry[1].resource.status"; `path` is that of the
/// object. None where all are different.
std::optional<std::string> find_repeated_name(const JsonNode& object, const std::string& path);
/// The same for all objects in the value, whatever it is.
std::optional<std::string> find_repeated_name_within(const JsonNode& value, const std::string& path);

}  // namespace vigil::hooks
