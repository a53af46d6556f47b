// SPDX-License-Identifier: Apache-2.0
// National Drug Codes and the forms they are written in.
//
// The directory and FHIR write 10 digits in three groups of labeler, product and package: 4-4-2, 5-3-2 or 5-4-1.
// Billing and RxNorm write 11 digits, 5-4-2, where the short group has a zero before it. So each 10-digit code has one
// 11-digit form; the other way, each group of 11 digits that begins with zero may be the short one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vigil {

inline constexpr std::string_view kNdcSystem = "http://hl7.org/fhir/sid/ndc";

/// The 11 digits of a code of either form. None where it is neither, or has 10 digits without hyphens, which can be
/// read in three ways.
std::optional<std::string> normal_ndc(std::string_view written);

/// All ways to write a code of 11 digits: as it is, with hyphens, and each form of 10 digits that it may come from. Of
/// another text, that text alone.
std::vector<std::string> ndc_forms(const std::string& normal);

}  // namespace vigil
