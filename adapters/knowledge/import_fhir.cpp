// SPDX-License-Identifier: Apache-2.0
// Reading terminology of others, writing it as a knowledge base of its own.
#include "knowledge/import_fhir.h"

#include <algorithm>
#include <exception>
#include <string>
#include <system_error>
#include <vector>

#include "knowledge/expand_value_sets.h"
#include "knowledge/knowledge_sources.h"
#include "knowledge/read_svs.h"
#include "knowledge/table_role.h"
#include "knowledge/terminology_writer.h"

namespace vigil {

namespace {

namespace fs = std::filesystem;

/// What the XML says of terms: nothing. Each steward and each code system has its own.
constexpr std::string_view kVsacTerms =
    "U.S. National Library of Medicine, Value Set Authority Center: use needs a UMLS licence; codes stay under the "
    "terms "
    "of their code systems";

/// Rows of concept maps as tables: those of the same meaning, and the others.
class ConceptMapTables {
 public:
  explicit ConceptMapTables(const KnowledgeBase& knowledge) : knowledge_(knowledge) {
    same_.source.name = "Crosswalk";
    same_.source.role = TableRole::kCrosswalk;
    same_.source.file = "crosswalk.csv";
    other_.source.name = "Concept maps";
    other_.source.file = "concept_maps.csv";
    for (TableDraft* const table : {&same_, &other_}) {
      for (const char* const name : {"code", "same"}) {
        const std::string column = table == &other_ && std::string_view(name) == "same" ? "target" : name;
        table->add_column(column, ColumnType::kCode, {}, column + "_system");
        table->add_column(column + "_system");
      }
      for (const char* const name : {"relationship", "map"}) table->add_column(name);
    }
  }

  void add(const ConceptMapSource& map, TerminologyImport& result) {
    for (const ConceptMapRow& row : map.rows) {
      const auto from = knowledge_.concept_info(row.from), to = knowledge_.concept_info(row.to);
      TableDraft& table = row.is_same ? same_ : other_;
      table.add_row(
          {from.code, from.system, to.code, to.system, row.relationship, map.url.empty() ? map.name : map.url});
      ++(row.is_same ? result.crosswalk_rows : result.other_rows);
      auto& from_where = table.source.provenance;
      add_once(from_where.source, map.provenance.source.empty() ? map.name : map.provenance.source);
      add_once(from_where.licence, map.provenance.licence);
      add_once(from_where.version, map.provenance.version);
    }
    ++result.concept_maps;
  }
  std::vector<TableDraft> take() { return {std::move(same_), std::move(other_)}; }

 private:
  static void add_once(std::string& to, const std::string& text) {
    if (!text.empty() && to.find(text) == std::string::npos) to += (to.empty() ? "" : "; ") + text;
  }

  const KnowledgeBase& knowledge_;
  TableDraft same_;
  TableDraft other_;
};

size_t count_of(const DiagnosticSink& sink, std::string_view code) {
  return static_cast<size_t>(std::ranges::count(sink.all(), code, &Diagnostic::code));
}

void write(const std::string& name, const TerminologySources& sources, KnowledgeBaseBuilder& builder,
           const fs::path& out, DiagnosticSink& sink, TerminologyImport& result) {
  const auto knowledge = builder.build(sink);
  ConceptMapTables tables(*knowledge);
  for (const ConceptMapSource& map : sources.concept_maps) tables.add(map, result);
  result.code_systems = sources.code_systems.size();
  for (const ValueSetSource& each : sources.value_sets)
    ++(knowledge->find_value_set(each.url, each.version) ? result.value_sets : result.left_out);
  result.done = write_knowledge(out, name, "", tables.take(), terminology_to_json(sources, *knowledge), sink);
}

bool is_xml(const fs::path& path) { return path.extension() == ".xml"; }

/// The XML files among the paths and directly in their folders, sorted.
std::vector<fs::path> xml_files(std::span<const fs::path> paths) {
  std::vector<fs::path> files;
  for (const fs::path& path : paths) {
    std::error_code error;
    if (is_xml(path)) files.push_back(path);
    if (!fs::is_directory(path, error)) continue;
    for (fs::directory_iterator at(path, error), end; !error && at != end; at.increment(error))
      if (is_xml(at->path())) files.push_back(at->path());
  }
  std::ranges::sort(files);
  return files;
}

/// Folders may hold XML alone: those are not asked for JSON.
std::vector<fs::path> json_paths(std::span<const fs::path> paths) {
  std::vector<fs::path> found;
  for (const fs::path& path : paths) {
    std::error_code error;
    if (is_xml(path)) continue;
    if (fs::is_directory(path, error)) {
      for (fs::directory_iterator at(path, error), end; !error && at != end; at.increment(error))
        if (at->path().extension() == ".json") found.push_back(at->path());
    } else {
      found.push_back(path);
    }
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace

TerminologyImport import_fhir(std::span<const fs::path> paths, const fs::path& out,
                              const std::function<void(std::string_view)>& progress, DiagnosticSink& sink) {
  TerminologyImport result;
  try {
    KnowledgeBaseBuilder builder;
    for (const fs::path& path : paths) progress(path.filename().generic_string());
    const auto sources = read_terminology_files(paths, builder, sink);
    result.broken = count_of(sink, "VGL1108");
    if (sources.code_systems.empty() && sources.value_sets.empty() && sources.concept_maps.empty()) return result;
    write("FHIR terminology", sources, builder, out, sink, result);
  } catch (const std::exception& failure) {  // memory, file names
    report_unreadable(out, failure.what(), sink);
  }
  return result;
}

TerminologyImport import_vsac(std::span<const fs::path> paths, const fs::path& out,
                              const std::function<void(std::string_view)>& progress, DiagnosticSink& sink) {
  TerminologyImport result;
  try {
    KnowledgeBaseBuilder builder;
    const auto json = json_paths(paths);
    for (const fs::path& path : json) progress(path.filename().generic_string());
    auto sources = read_terminology_files(json, builder, sink);
    TerminologySources from_xml;
    for (const fs::path& path : xml_files(paths)) {
      progress(path.filename().generic_string());
      if (const auto file = read_text_file(path, sink)) read_svs(*file, kVsacTerms, builder, from_xml, sink);
    }
    expand_value_sets(from_xml, builder, sink);
    std::ranges::move(from_xml.value_sets, std::back_inserter(sources.value_sets));
    result.broken = count_of(sink, "VGL1108") + count_of(sink, "VGL1110");
    if (sources.value_sets.empty()) return result;
    write("VSAC value sets", sources, builder, out, sink, result);
  } catch (const std::exception& failure) {  // memory, file names
    report_unreadable(out, failure.what(), sink);
  }
  return result;
}

}  // namespace vigil
