// SPDX-License-Identifier: Apache-2.0
// Needs, knowledge, compilation, tests: in this order, each only where the one before held.
#include "packs/try_pack.h"

#include <algorithm>
#include <exception>

#include "crypto/hashes.h"
#include "knowledge/knowledge_sources.h"

#ifndef VIGIL_VERSION
#define VIGIL_VERSION "0.0.0"
#endif

namespace vigil {

namespace {

bool is_rule_path(std::string_view path) { return path.ends_with(".vigil") || path.ends_with(".cql"); }

class Trial {
 public:
  Trial(const PackFile& pack, const PackSurroundings& surroundings, DiagnosticSink& sink)
      : pack_(pack), surroundings_(surroundings), sink_(sink) {}

  TriedPack run() {
    TriedPack tried;
    check_engine();
    const auto knowledge = read_knowledge(tried.knowledge);
    if (sink_.has_errors()) return tried;
    CompileOptions options;
    options.knowledge = knowledge;
    tried.compilation = compile(rule_texts(pack_), options);
    if (tried.compilation->has_errors() || tried.compilation->rulebook == nullptr) return tried;
    tried.tests = run_tests(*tried.compilation->rulebook);
    if (tried.tests.empty())
      fail_tests("there are none", "write one beside each rule: test \"...\" given ... when ... expect ...");
    else if (const size_t failed = tried.failed_tests(); failed > 0)
      fail_tests(std::to_string(failed) + " of " + std::to_string(tried.tests.size()) + " fail",
                 "vigil pack verify FILE shows what each expected");
    return tried;
  }

 private:
  void lack(const std::string& need, const std::string& have, std::string hint) {
    sink_.add(data_diagnostic("VGL1245", pack_.name, {need, have}).with_hint(std::move(hint)));
  }
  void fail_tests(const std::string& why, std::string hint) {
    sink_.add(data_diagnostic("VGL1246", pack_.name, {why}).with_hint(std::move(hint)));
  }

  void check_engine() {
    const auto& manifest = pack_.manifest;
    if (!manifest.language.empty() && manifest.language != rule_language())
      lack("version " + manifest.language + " of the rule language", std::string(rule_language()),
           "use the version of Vigil that the pack was made for");
    if (!manifest.engine.empty() && compare_versions(engine_version(), manifest.engine) < 0)
      lack("version " + manifest.engine + " of the engine", std::string(engine_version()), "update Vigil first");
    const auto features = engine_features();
    for (const auto& feature : manifest.features)
      if (std::ranges::find(features, feature) == features.end())
        lack("the feature `" + feature + "`", "an engine without it", "update Vigil first");
  }

  /// The base that the pack was made with is judged by itself; the value sets of pack and site come on top.
  std::shared_ptr<const KnowledgeBase> read_knowledge(KnowledgeNeed& here) {
    try {
      KnowledgeBaseBuilder builder;
      read_base(builder, here);
      auto base = builder.build(sink_);
      here.digest = crypto::to_hex(base->digest());
      check_knowledge(here);
      const auto texts = value_sets();
      if (texts.empty() && surroundings_.value_sets.empty()) return base;
      KnowledgeBaseBuilder extended;
      DiagnosticSink ignored;  // what is wrong with the base was told above
      for (const auto& path : surroundings_.knowledge) read_knowledge_sources(path, extended, ignored);
      read_terminology_texts(texts, extended, sink_);
      const std::vector<std::filesystem::path> paths(surroundings_.value_sets.begin(), surroundings_.value_sets.end());
      read_terminology_files(paths, extended, sink_);
      return extended.build(sink_);
    } catch (const std::exception& failure) {  // memory, file names
      report_unreadable(pack_.name, failure.what(), sink_);
      return nullptr;
    }
  }

  void read_base(KnowledgeBaseBuilder& builder, KnowledgeNeed& here) {
    DiagnosticSink told;
    for (const auto& path : surroundings_.knowledge) {
      const auto sources = read_knowledge_sources(path, builder, told);
      const bool is_wanted = sources.name == pack_.manifest.knowledge.name;
      if (here.name.empty() || is_wanted) here = {sources.name, sources.version, {}};
    }
    // A value set that cannot be expanded does no harm by itself: compiling tells which rules miss it.
    for (auto& one : told.take())
      if (one.code != "VGL1102") sink_.add(std::move(one));
  }

  void check_knowledge(const KnowledgeNeed& here) {
    const auto& need = pack_.manifest.knowledge;
    if (need.name.empty()) return;
    const auto wanted = "`" + need.name + "` " + need.version + " or later";
    if (here.name != need.name || compare_versions(here.version, need.version) < 0)
      return lack(wanted, here.name.empty() ? "no knowledge base" : "`" + here.name + "` " + here.version,
                  "name the knowledge base that the pack was made for");
    if (need.digest.empty() || need.digest == here.digest) return;
    auto told = data_diagnostic("VGL1249", pack_.name, {need.digest, here.digest})
                    .with_hint("its tests were run on this one; read `vigil kb diff` of both before you rely on it");
    if (surroundings_.wants_exact_knowledge) told.severity = Severity::kError;
    sink_.add(std::move(told));
  }

  std::vector<TextFile> value_sets() const {
    std::vector<TextFile> texts;
    for (const auto& member : pack_.members)
      if (member.path.starts_with(kValueSetFolder)) texts.emplace_back(pack_.name + "/" + member.path, member.bytes);
    return texts;
  }

  const PackFile& pack_;
  const PackSurroundings& surroundings_;
  DiagnosticSink& sink_;
};

}  // namespace

std::string_view engine_version() { return VIGIL_VERSION; }
std::string_view rule_language() { return "0.1"; }

std::vector<std::string> engine_features() {
  return {"tables",       "tests",       "once-per",           "text-variants",
          "shadow-rules", "suggestions", "suggestion-actions", "app-launch"};
}

size_t TriedPack::failed_tests() const {
  return static_cast<size_t>(std::ranges::count(tests, false, &TestResult::passed));
}

std::vector<RuleText> rule_texts(const PackFile& pack) {
  std::vector<RuleText> texts;
  for (const bool included : {false, true})
    for (const auto& member : pack.members)
      if (is_rule_path(member.path) && member.path.starts_with(kIncludeFolder) == included)
        texts.push_back({pack.name + "/" + member.path, member.bytes});
  return texts;
}

TriedPack try_pack(const PackFile& pack, const PackSurroundings& surroundings, DiagnosticSink& sink) {
  return Trial(pack, surroundings, sink).run();
}

std::shared_ptr<const Rulebook> usable_rulebook(TriedPack& tried, const DiagnosticSink& sink) {
  if (sink.has_errors() || !tried.compilation || tried.compilation->has_errors()) return nullptr;
  return std::move(tried.compilation->rulebook);
}

}  // namespace vigil
