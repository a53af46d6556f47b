// SPDX-License-Identifier: Apache-2.0
// The catalogue of diagnostics as types, and the one way to make a diagnostic inside the engine.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include <vigil/diagnostic.h>

namespace vigil {

/// Every code of catalogue.def. The number never changes; retired codes stay reserved there.
enum class Code : uint16_t {
#define VIGIL_DIAGNOSTIC(code, severity, message) code,
#include "diagnostics/catalogue.def"
#undef VIGIL_DIAGNOSTIC
};

/// The catalogue's row of a code. `message` holds `{}` where an argument goes.
struct CodeInfo {
  std::string_view name;  ///< "VGL0201"
  Severity severity;
  std::string_view message;
};

inline constexpr CodeInfo kCatalogue[] = {
#define VIGIL_DIAGNOSTIC(code, severity, message) {#code, Severity::severity, message},
#include "diagnostics/catalogue.def"
#undef VIGIL_DIAGNOSTIC
};

constexpr const CodeInfo& info(Code code) { return kCatalogue[static_cast<size_t>(code)]; }
/// The code of a name such as "VGL0201" (upper or lower case), if there is one.
std::optional<Code> find_code(std::string_view name);

constexpr size_t count_holes(std::string_view message) {
  size_t holes = 0;
  for (size_t i = 0; i + 1 < message.size(); ++i) holes += message[i] == '{' && message[i + 1] == '}';
  return holes;
}

namespace detail {
std::string fill(std::string_view message, const std::string_view* arguments, size_t count);
}

/// Makes a diagnostic; does not compile unless there is an argument for each hole of the message.
///   sink.add(make_diagnostic<Code::VGL0201>(span, name).with_hint("did you mean `Warfarin`?"));
template <Code kCode, class... Arguments>
[[nodiscard]] Diagnostic make_diagnostic(Span span, const Arguments&... arguments) {
  static_assert(sizeof...(arguments) == count_holes(info(kCode).message), "one argument for each {} of the message");
  const std::array<std::string_view, sizeof...(arguments) + 1> views{std::string_view(arguments)...,
                                                                     std::string_view()};
  return {info(kCode).name,
          info(kCode).severity,
          span,
          {},
          detail::fill(info(kCode).message, views.data(), sizeof...(arguments)),
          {},
          {}};
}

}  // namespace vigil
