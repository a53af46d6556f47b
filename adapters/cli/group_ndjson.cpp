// SPDX-License-Identifier: Apache-2.0
// Looks into each line only as far as to tell its type and its patient.
#include "cli/group_ndjson.h"

#include <simdjson.h>

#include <algorithm>
#include <map>

#include "cli/console.h"
#include "fhir/fhir_reader.h"
#include "fhir/patient_check.h"
#include "fhir/patients_named.h"

namespace vigil::cli {
namespace {

/// What a line says of itself.
struct LineHead {
  std::string_view type;  ///< empty: no FHIR resource
  std::string_view id;
  std::string_view reference;           ///< to its patient
  std::vector<std::string_view> named;  ///< ids of the patients it names elsewhere (fhir::patient_paths())
};

void add_patients_at(const simdjson::dom::element& at, std::string_view path, std::vector<std::string_view>& ids) {
  simdjson::dom::array elements;
  if (at.get(elements) == simdjson::SUCCESS) {
    for (const auto element : elements) add_patients_at(element, path, ids);
    return;
  }
  const size_t dot = std::min(path.find('.'), path.size());
  simdjson::dom::element member;
  if (at[path.empty() ? "reference" : path.substr(0, dot)].get(member) != simdjson::SUCCESS) return;
  if (!path.empty()) return add_patients_at(member, path.substr(std::min(dot + 1, path.size())), ids);
  std::string_view reference;
  if (member.get(reference) != simdjson::SUCCESS) return;
  const auto id = fhir::patient_id_of(reference);
  if (!id.empty() && std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
}

class Grouper {
 public:
  Grouper(const ReadPlan& plan, DiagnosticSink& sink) : plan_(plan), sink_(sink) {}

  void read_file(const std::string& name, std::string_view text) {
    size_t number = 0;
    bool is_first = true;
    while (!text.empty()) {
      const size_t end = std::min(text.find('\n'), text.size());
      const auto line = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      ++number;
      if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
      if (!read_line(line, name, number, is_first)) return;
      is_first = false;
    }
  }

  NdjsonGroups take() {
    NdjsonGroups groups;
    for (auto& [id, lines] : by_patient_) {
      lines.insert(lines.end(), shared_.begin(), shared_.end());
      groups.patients.push_back({"Patient/" + id, {}, id, std::move(lines)});
    }
    groups.damages = std::move(damages_);
    return groups;
  }

 private:
  /// False where the rest of the file is to be passed over.
  bool read_line(std::string_view line, const std::string& name, size_t number, bool is_first) {
    const std::string place = name + ": line " + std::to_string(number);
    simdjson::dom::element root;
    if (const auto error = parser_.parse(line.data(), line.size()).get(root)) {
      add_damage({}, data_diagnostic("VGL1001", place, {simdjson::error_message(error)}));
      return true;
    }
    const auto head = head_of(root);
    if (head.type.empty()) {
      auto problem = data_diagnostic("VGL1002", place, {"it has no resourceType"});
      if (!is_first) {
        add_damage({}, std::move(problem));
        return true;
      }
      problem.severity = Severity::kNote;
      sink_.add(std::move(problem).with_hint("the file is passed over"));
      return false;
    }
    give(line, head, place);
    return true;
  }

  LineHead head_of(const simdjson::dom::element& root) const {
    LineHead head;
    if (root["resourceType"].get(head.type) != simdjson::SUCCESS) return {};
    // What is absent or of another type stays empty; the reader reports it.
    std::ignore = root["id"].get(head.id);
    if (const auto member = ReadPlan::patient_element(head.type); !member.empty())
      std::ignore = root[member]["reference"].get(head.reference);
    for (const auto path : fhir::patient_paths(head.type)) add_patients_at(root, path, head.named);
    return head;
  }

  void give(std::string_view line, const LineHead& head, const std::string& place) {
    if (head.type == "Patient") {
      by_patient_[std::string(head.id)].push_back(line);
      return;
    }
    const bool is_unneeded = plan_.resource(head.type) == nullptr && ReadPlan::is_resource_type(head.type);
    if (is_unneeded) return;
    for (const auto id : head.named) by_patient_[std::string(id)].push_back(line);
    if (!head.named.empty()) return;
    if (ReadPlan::patient_element(head.type).empty()) {
      shared_.push_back(line);
      return;
    }
    if (const auto id = fhir::patient_id_of(head.reference); !id.empty()) {
      by_patient_[std::string(id)].push_back(line);
      return;
    }
    const std::string path(ReadPlan::patient_element(head.type));
    const std::string seen = head.reference.empty() ? "missing" : "`" + std::string(head.reference) + "`";
    add_damage(std::string(head.type),
               data_diagnostic("VGL1003", place, {path, seen, "a reference such as Patient/1"}));
  }

  void add_damage(std::string type, Diagnostic problem) {
    damages_.push_back({std::move(type), Completeness::kDamaged});
    sink_.add(std::move(problem));
  }

  const ReadPlan& plan_;
  DiagnosticSink& sink_;
  simdjson::dom::parser parser_;
  std::map<std::string, std::vector<std::string_view>> by_patient_;
  std::vector<std::string_view> shared_;
  std::vector<SetDamage> damages_;
};

}  // namespace

NdjsonGroups group_ndjson(const std::vector<std::filesystem::path>& files, const ReadPlan& plan,
                          std::deque<std::string>& texts, DiagnosticSink& sink) {
  constexpr fhir::FhirReadOptions kSetLimit{.max_bytes = size_t{8} << 30};
  Grouper grouper(plan, sink);
  std::vector<SetDamage> unread;
  for (const auto& file : files) {
    const std::string name = file.filename().string();
    auto text = fhir::read_file(file.string(), kSetLimit, sink);
    if (text)
      grouper.read_file(name, texts.emplace_back(std::move(*text)));
    else
      unread.push_back({{}, Completeness::kDamaged});
  }
  auto groups = grouper.take();
  std::ranges::move(unread, std::back_inserter(groups.damages));
  return groups;
}

}  // namespace vigil::cli
