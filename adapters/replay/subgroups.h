// SPDX-License-Identifier: Apache-2.0
// Subgroups of patients that a record does not tell, such as payer or language.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <vigil/diagnostic.h>

namespace vigil::replay {

/// A value for each subgroup, by its name.
using SubgroupValues = std::map<std::string, std::string, std::less<>>;
/// By patient id.
using Subgroups = std::map<std::string, SubgroupValues, std::less<>>;

/// CSV with the columns patient, subgroup and value, a line each. None, with VGL1232 for each line that cannot be used:
/// a cell is empty, a patient has two values of one subgroup, or a replay has a subgroup of that name itself.
std::optional<Subgroups> read_subgroups(std::string_view csv, const std::string& name, DiagnosticSink& sink);

}  // namespace vigil::replay
