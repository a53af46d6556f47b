// SPDX-License-Identifier: Apache-2.0
// Signature, own check, needs, rules, tests, overlay: in this order.
#include "cds-hooks/activation/load_pack.h"

#include <algorithm>

namespace vigil::hooks {
namespace {

/// Collects what is wrong, for the operator's answer and for the report.
class Problems {
 public:
  explicit Problems(const Reporter& report) : report_(report) {}
  void tell(std::span<const Diagnostic> diagnostics, const SourceSet& sources = {}) {
    if (report_) report_(diagnostics, sources);
    text_ += render_text(diagnostics, sources);
    if (code_.empty()) code_ = first_error(diagnostics);
  }
  LoadedPack refused() { return {nullptr, std::move(text_), std::move(code_)}; }
  LoadedPack loaded(std::shared_ptr<const RulePack> pack) { return {std::move(pack), std::move(text_), {}}; }

 private:
  const Reporter& report_;
  std::string text_;
  std::string code_;
};

/// False where there is an overlay that cannot be used with these rules.
bool add_overlay(const PackSettings& settings, RulePack& pack, Problems& problems) {
  if (settings.overlay.empty()) return true;
  DiagnosticSink sink;
  auto overlay = read_site_overlay(settings.overlay, *pack.rulebook, sink);
  problems.tell(sink.all());
  if (!overlay) return false;
  pack.overlay = std::make_shared<const SiteOverlay>(std::move(*overlay));
  return true;
}

void tell_failed_tests(const TriedPack& tried, Problems& problems) {
  std::vector<Diagnostic> told;
  for (const auto& test : tried.tests) {
    if (test.passed) continue;
    auto one = data_diagnostic("VGL1246", {}, {test.library + " · " + test.name});
    one.span = test.span;
    if (!test.failures.empty()) one.hint = test.failures.front();
    told.push_back(std::move(one));
  }
  problems.tell(told, *tried.compilation->sources);
}

}  // namespace

std::string first_error(std::span<const Diagnostic> diagnostics) {
  const auto error = std::ranges::find(diagnostics, Severity::kError, &Diagnostic::severity);
  return error == diagnostics.end() ? std::string() : std::string(error->code);
}

LoadedPack load_pack_bytes(std::string_view bytes, const std::string& name, const PackSettings& settings,
                           const PackLoading& loading, const PackCheck& check) {
  Problems problems(loading.report);
  DiagnosticSink sink;
  const auto file = open_pack(bytes, name, sink);
  const bool is_wanted = file && check_signature(*file, loading.trust, sink) && (!check || check(*file, sink));
  TriedPack tried;
  if (is_wanted) {
    auto surroundings = loading.surroundings;
    if (!settings.knowledge.empty()) surroundings.knowledge = settings.knowledge;
    surroundings.value_sets.insert(surroundings.value_sets.end(), settings.value_sets.begin(),
                                   settings.value_sets.end());
    tried = try_pack(*file, surroundings, sink);
  }
  problems.tell(sink.all());
  if (tried.compilation) {
    problems.tell(tried.compilation->diagnostics, *tried.compilation->sources);
    if (tried.failed_tests() > 0) tell_failed_tests(tried, problems);
  }
  RulePack pack;
  pack.rulebook = is_wanted ? usable_rulebook(tried, sink) : nullptr;
  if (pack.rulebook == nullptr) return problems.refused();
  pack.id = settings.id;
  pack.title = settings.title;
  pack.version = file->manifest.version;
  pack.name = file->manifest.name;
  pack.digest = file->digest();
  if (!add_overlay(settings, pack, problems)) return problems.refused();
  return problems.loaded(make_pack(std::move(pack)));
}

LoadedPack load_pack_folders(const PackSettings& settings, const PackLoading& loading) {
  Problems problems(loading.report);
  RulePack pack;
  pack.rulebook = loading.load_folders(settings);
  if (pack.rulebook == nullptr) return {nullptr, "the rules cannot be used; the service's log says why\n", {}};
  pack.id = settings.id;
  pack.title = settings.title;
  pack.version = settings.version;
  if (!add_overlay(settings, pack, problems)) return problems.refused();
  return problems.loaded(make_pack(std::move(pack)));
}

}  // namespace vigil::hooks
