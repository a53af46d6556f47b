// SPDX-License-Identifier: Apache-2.0
// Scanning MED-RT's XML, which is flat: associations of named parts, and concepts that are not needed.
#include "knowledge/import_medrt.h"

#include <algorithm>
#include <array>
#include <exception>
#include <map>
#include <set>
#include <tuple>

#include "knowledge/knowledge_sources.h"
#include "knowledge/knowledge_writer.h"
#include "knowledge/text_file.h"
#include "knowledge/xml_tags.h"

namespace vigil {

namespace {

constexpr std::string_view kMeshSystem = "http://id.nlm.nih.gov/mesh";
constexpr std::array<std::string_view, 4> kContraindications = {"CI_ChemClass", "CI_MoA", "CI_PE", "CI_with"};

/// The text of the first `<tag>` in `block`; empty without one.
std::string part(std::string_view block, std::string_view tag) {
  const std::string open = "<" + std::string(tag) + ">", close = "</" + std::string(tag) + ">";
  const size_t begin = block.find(open);
  if (begin == std::string_view::npos) return {};
  const size_t end = block.find(close, begin);
  if (end == std::string_view::npos) return {};
  return unescape_xml(trim(block.substr(begin + open.size(), end - begin - open.size())));
}

struct Association {
  std::string name, from_namespace, from_code, from_name, to_namespace, to_code, to_name;

  explicit Association(std::string_view block)
      : name(part(block, "name")),
        from_namespace(part(block, "from_namespace")),
        from_code(part(block, "from_code")),
        from_name(part(block, "from_name")),
        to_namespace(part(block, "to_namespace")),
        to_code(part(block, "to_code")),
        to_name(part(block, "to_name")) {}
};

class MedrtImporter {
 public:
  MedrtImporter(const TextFile& file, DiagnosticSink& sink) : file_(file), sink_(sink) {}

  MedrtImport import(const std::filesystem::path& out) {
    result_.version = part(file_.text(), "version");
    constexpr std::string_view kOpen = "<association>", kClose = "</association>";
    const std::string_view text = file_.text();
    for (size_t at = text.find(kOpen); at != std::string_view::npos;) {
      const size_t next = text.find(kOpen, at + 1), end = text.find(kClose, at);
      if (end >= next || end == std::string_view::npos) {
        const size_t line = file_.line_of(at);
        sink_.add(
            data_diagnostic("VGL1110", file_.place(line), {std::to_string(line), "the association is not closed"}));
      } else {
        add(Association(text.substr(at, end - at)));
      }
      at = next;
    }
    write(out);
    return result_;
  }

 private:
  void add(const Association& each) {
    const auto is_of = [&](std::string_view kind) {
      return each.name == "Parent Of" ? each.from_name.ends_with(kind) : false;
    };
    if (is_of("[EPC]") && each.from_namespace == "MED-RT" && each.to_namespace == "RxNorm") {
      add_member(each.to_code, each.from_code, each.from_name);
    } else if (each.name == "has_MoA" && each.from_namespace == "RxNorm" && each.to_namespace == "MED-RT") {
      add_member(each.from_code, each.to_code, each.to_name);
    } else if (std::ranges::find(kContraindications, each.name) != kContraindications.end() &&
               each.from_namespace == "RxNorm" && (each.to_namespace == "MeSH" || each.to_namespace == "MED-RT")) {
      contraindications_.emplace(each.from_code, each.name,
                                 std::string(each.to_namespace == "MeSH" ? kMeshSystem : kMedrtSystem), each.to_code,
                                 each.to_name);
    } else {
      ++result_.passed_over;
    }
  }

  void add_member(const std::string& ingredient, const std::string& code, const std::string& name) {
    classes_[code] = name;
    members_.emplace(ingredient, code);
  }

  TableDraft draft(std::string name, TableRole role, std::string file) const {
    TableDraft table;
    table.source.name = std::move(name);
    table.source.role = role;
    table.source.file = std::move(file);
    table.source.provenance = {"U.S. Department of Veterans Affairs, MED-RT", result_.version, "U.S. public domain",
                               ""};
    return table;
  }

  void write(const std::filesystem::path& out) {
    auto members = draft("MED-RT classes", TableRole::kClass, "classes.csv");
    members.add_column("ingredient", ColumnType::kCode, kDefaultCodeSystem);
    members.add_column("class", ColumnType::kCode, kMedrtSystem);
    for (const auto& [ingredient, code] : members_) members.add_row({ingredient, code});
    auto against = draft("Contraindications", TableRole::kNone, "contraindications.csv");
    against.add_column("ingredient", ColumnType::kCode, kDefaultCodeSystem);
    for (const char* const name : {"relation", "system"}) against.add_column(name);
    against.add_column("against", ColumnType::kCode, {}, "system");
    against.add_column("name");
    for (const auto& [ingredient, relation, system, code, name] : contraindications_)
      against.add_row({ingredient, relation, system, code, name});
    result_.classes = classes_.size();
    result_.members = members_.size();
    result_.contraindications = contraindications_.size();
    result_.done = write_knowledge(
        out, "MED-RT " + result_.version, result_.version, {members, against},
        {to_json({std::string(kMedrtSystem), result_.version, "MED-RT", "U.S. public domain", classes_}), {}}, sink_);
  }

  const TextFile& file_;
  DiagnosticSink& sink_;
  MedrtImport result_;
  std::map<std::string, std::string> classes_;
  std::set<std::pair<std::string, std::string>> members_;
  std::set<std::tuple<std::string, std::string, std::string, std::string, std::string>> contraindications_;
};

}  // namespace

MedrtImport import_medrt(const std::filesystem::path& path, const std::filesystem::path& out, DiagnosticSink& sink) {
  try {
    const auto file = read_text_file(path, sink);
    if (!file) return {};
    return MedrtImporter(*file, sink).import(out);
  } catch (const std::exception& failure) {  // memory, file names
    report_unreadable(path, failure.what(), sink);
    return {};
  }
}

}  // namespace vigil
