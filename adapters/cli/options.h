// SPDX-License-Identifier: Apache-2.0
// Options that several commands take.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <vigil/diagnostic.h>
#include <vigil/value.h>

namespace CLI {
class App;
}

namespace vigil::cli {

/// Which knowledge to compile against.
struct KnowledgeOptions {
  std::vector<std::string> knowledge;   ///< files and folders; empty: the default
  std::vector<std::string> value_sets;  ///< files and folders, on top
  std::vector<std::string> tables;      ///< NAME=FILE, on top
};
void add_knowledge_options(CLI::App& app, KnowledgeOptions& options);

/// The knowledge base that a command is about, by `names` as CLI11 has them.
void add_knowledge_base_option(CLI::App& app, std::string& path, const std::string& names);

/// `--include`, of libraries beside the rules.
void add_include_option(CLI::App& app, std::vector<std::string>& folders);

/// Which patients, and as of when.
struct PatientOptions {
  std::vector<std::string> paths;
  std::string now;
};
void add_patient_options(CLI::App& app, PatientOptions& options, bool required);

/// `--hook`, empty where it is not given.
void add_hook_option(CLI::App& app, std::string& hook);

/// `--format` with the first of `formats` as default.
void add_format_option(CLI::App& app, std::string& format, std::vector<std::string> formats);

/// "NAME=VALUE" at its first `=`; none where there is none or the name is empty.
std::optional<std::pair<std::string, std::string>> split_assignment(std::string_view text);
/// `--parameter NAME=EXPR` and the like, checked by CLI11.
void add_assignment_option(CLI::App& app, const std::string& name, std::vector<std::string>& values,
                           const std::string& placeholder, const std::string& description);
std::vector<std::pair<std::string, std::string>> split_assignments(const std::vector<std::string>& texts);

/// The instant of `--now`, or that of the machine's clock with its offset from UTC where `text` is empty. VGL1203.
std::optional<Temporal> resolve_now(const std::string& text, DiagnosticSink& sink);

/// Whether `text` matches a pattern with `*`, `?` and `[...]`.
bool matches_glob(const std::string& pattern, const std::string& text);

}  // namespace vigil::cli
