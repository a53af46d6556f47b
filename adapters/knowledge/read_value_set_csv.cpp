// SPDX-License-Identifier: Apache-2.0
// Value sets as CSV rows.
#include <array>
#include <map>
#include <string>
#include <utility>

#include "knowledge/read_terminology.h"
#include "knowledge/row_reader.h"

namespace vigil {

void read_value_set_csv(const TextFile& file, KnowledgeBaseBuilder& builder, TerminologySources& sources,
                        DiagnosticSink& sink) {
  enum : size_t { kUrl, kSystem, kCode, kDisplay, kVersion, kName };
  constexpr std::array kColumns = {WantedColumn{"url"},           WantedColumn{"system"},
                                   WantedColumn{"code"},          WantedColumn{"display", true},
                                   WantedColumn{"version", true}, WantedColumn{"name", true}};
  std::map<std::pair<std::string, std::string>, ValueSetSource>
      sets;  // of this file: a second one is another statement
  const auto take = [&](const TextRow& row) {
    const std::string_view url = trim(row.cells[kUrl]);
    const std::string_view version = trim(row.cells[kVersion]);
    const ConceptId id = builder.intern(trim(row.cells[kSystem]), trim(row.cells[kCode]), trim(row.cells[kDisplay]));
    if (url.empty() || id == 0) {
      const std::string line = std::to_string(row.line);
      sink.add(data_diagnostic("VGL1110", file.place(row.line), {line, "it has no url, no system or no code"}));
      return;
    }
    ValueSetSource& set = sets[{std::string(url), std::string(version)}];
    if (set.url.empty()) {
      set.url = url;
      set.version = version;
      set.expanded = true;
      set.place = file.place(row.line);
    }
    if (set.name.empty()) set.name = trim(row.cells[kName]);
    set.members.push_back(id);
  };
  read_rows(
      file, kColumns, [] {}, take, sink);
  for (auto& [key, set] : sets) sources.value_sets.push_back(std::move(set));
}

}  // namespace vigil
