// SPDX-License-Identifier: Apache-2.0
// The hooks of CDS Hooks (its hook library), and which of them bring orders.
#pragma once

#include <array>
#include <string_view>

namespace vigil::semantic {

inline constexpr std::array<std::string_view, 12> kHooks = {"patient-view",
                                                            "order-select",
                                                            "order-sign",
                                                            "order-dispatch",
                                                            "encounter-start",
                                                            "encounter-discharge",
                                                            "appointment-book",
                                                            "allergyintolerance-create",
                                                            "problem-list-item-create",
                                                            "medication-refill",
                                                            "medication-verify",
                                                            "order-review"};
/// Hooks whose context brings draft orders (CDS Hooks hook library).
inline constexpr std::array<std::string_view, 6> kOrderHooks = {
    "order-select", "order-sign", "order-dispatch", "medication-refill", "order-review", "appointment-book"};

}  // namespace vigil::semantic
