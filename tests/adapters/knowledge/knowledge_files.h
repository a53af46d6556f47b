// SPDX-License-Identifier: Apache-2.0
// Knowledge files of a test, and what is loaded from them.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/knowledge_reader.h"
#include "support/files.h"

namespace vigil {

/// A folder of knowledge files, gone with the object.
struct KnowledgeFiles : test::TemporaryFolder {
  const std::filesystem::path& root() const { return path(); }
};

/// What reading and building gave.
struct Loaded {
  std::shared_ptr<const KnowledgeBase> knowledge;
  std::vector<Diagnostic> diagnostics;

  /// "CODE place-after-the-folder: message", a line each, for comparison.
  std::string told(const KnowledgeFiles& files) const {
    const std::string root = files.root().generic_string() + "/";
    std::string text;
    for (const Diagnostic& each : diagnostics)
      text += std::string(each.code) + " " + each.place + ": " + each.message + "\n";
    for (size_t at = text.find(root); at != std::string::npos; at = text.find(root)) text.erase(at, root.size());
    return text;
  }
  bool in(std::string_view url, std::string_view system, std::string_view code) const {
    const auto value_set = knowledge->find_value_set(url);
    return value_set && knowledge->is_member(*value_set, knowledge->find_concept(system, code));
  }
  size_t size_of(std::string_view url) const {
    const auto value_set = knowledge->find_value_set(url);
    REQUIRE_MESSAGE(value_set.has_value(), std::string(url));
    return knowledge->members(*value_set).size();
  }
};

inline Loaded load(const std::function<void(KnowledgeBaseBuilder&, DiagnosticSink&)>& read) {
  KnowledgeBaseBuilder builder;
  DiagnosticSink sink;
  read(builder, sink);
  auto knowledge = builder.build(sink);
  return {knowledge, sink.take()};
}
inline Loaded load_knowledge(const std::filesystem::path& path) {
  return load([&](auto& builder, auto& sink) { read_knowledge(path, builder, sink); });
}
inline Loaded load_value_sets(const std::filesystem::path& path) {
  return load([&](auto& builder, auto& sink) { read_value_sets(path, builder, sink); });
}
inline Loaded load_table(std::vector<TableColumn> columns, const std::filesystem::path& path) {
  return load([&](auto& builder, auto& sink) { read_table("T", std::move(columns), path, {}, builder, sink); });
}

}  // namespace vigil
