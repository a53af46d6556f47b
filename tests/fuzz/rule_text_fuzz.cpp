// SPDX-License-Identifier: Apache-2.0
// Any bytes as rule text: compiling ends in a rulebook or diagnostics, evaluating what compiled ends in values or
// errors; formatting what was formatted changes nothing.
#include <vigil/evaluate.h>
#include <vigil/format.h>
#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto formatted = vigil::format(text, "fuzz.vigil");
  if (formatted.formatted() && vigil::format(formatted.text, "fuzz.vigil").text != formatted.text) __builtin_trap();
  const auto compiled = vigil::compile({{"fuzz.vigil", text}});
  vigil::render_text(compiled.diagnostics, *compiled.sources);
  vigil::render_sarif(compiled.diagnostics, *compiled.sources);
  if (!compiled.rulebook) return 0;
  const auto& rulebook = *compiled.rulebook;
  const vigil::Timeline nobody(rulebook.read_plan(), rulebook.knowledge());
  vigil::DiagnosticSink sink;
  const auto snapshot = nobody.at(0, sink);
  vigil::EvaluateOptions options;
  options.explain = true;
  options.max_steps = 100'000;
  options.max_bytes = size_t{16} << 20;
  vigil::Evaluator evaluator(rulebook, options);
  const auto now = *vigil::parse_instant("2026-01-15T09:00:00Z");
  evaluator.evaluate_definitions(snapshot, now, {});
  for (const auto* hook : {"patient-view", "order-sign"}) {
    const vigil::Trigger trigger{hook, {}, "user", "encounter"};
    const auto outcome = evaluator.evaluate(snapshot, trigger, {}, now);
    vigil::raise(rulebook, outcome, trigger, {}, now);
  }
  return 0;
}
