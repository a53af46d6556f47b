// SPDX-License-Identifier: Apache-2.0
// Looks into each line as far as it takes to tell its type and its patient.
#include "fhir/bulk_lines.h"

#include <utility>

#include "fhir/patient_check.h"
#include "fhir/patients_named.h"
#include "fhir/references.h"
#include "fhir/text_recovery.h"

namespace vigil::fhir {

const BulkLine* BulkLines::find_shared(std::string_view reference) const {
  const auto line = shared_.find(std::string(type_and_id(reference)));
  return line == shared_.end() ? nullptr : &line->second;
}

void BulkLines::add_file(std::string name, std::string text, DiagnosticSink& sink) {
  report_.begin(sink, name);
  auto& file = files_.emplace_back(File{std::move(name), std::move(text)});
  FileFacts facts;
  Lines lines(file.text);
  while (const auto line = lines.next()) {
    report_.set_line(line->number);
    add_line({line->text, static_cast<uint32_t>(files_.size() - 1), line->number}, facts);
  }
  finish_file(facts);
  if (!facts.is_needed) std::string().swap(file.text);
}

/// The text of a string member of the object here; empty where there is none.
std::string BulkLines::text_of(const JsonText& json, uint32_t object, std::string_view member) {
  std::string text;
  const uint32_t value = json.find_member(object, member);
  if (value == JsonText::kBroken || json.at(value) != '"' || !unescape(json.raw_string(value), text)) text.clear();
  return text;
}

void BulkLines::add_line(const BulkLine& line, FileFacts& facts) {
  const bool is_json = index_.index(line.text.data(), line.text.size()) == JsonIndex::Status::kOk;
  const JsonText json(line.text.data(), index_.tokens(), index_.count());
  if (!is_json || json.skip(0) != json.count()) {
    report_.add("VGL1001", {}, {"the line is not one JSON value"});
    facts.has_unreadable = true;
    return;
  }
  const std::string type = json.at(0) == '{' ? text_of(json, 0, "resourceType") : std::string();
  if (type.empty()) {
    if (facts.others++ == 0) facts.first_other = line.number;
    return;
  }
  ++facts.resources;
  const ResourceShape* shape = shapes_.find_resource(type);
  if (shape == nullptr) return report_.add_unknown_type(type);
  facts.has_several_types |= facts.only_shape != nullptr && facts.only_shape != shape;
  facts.only_shape = shape;
  facts.is_needed |= give(line, json, *shape);
}

/// False where nobody needs the line.
bool BulkLines::give(const BulkLine& line, const JsonText& json, const ResourceShape& shape) {
  if (shape.role != ResourceRole::kPlanned && shape.role != ResourceRole::kPatient) return false;
  const std::string id = text_of(json, 0, "id");
  if (shape.is_patient) {
    if (!id.empty()) {
      by_patient_[id].push_back(line);
      return true;
    }
    report_.add("VGL1003", "id", {"id", "missing", "the patient's id"});
    damage(&shape);
    return false;
  }
  const auto patient = ReadPlan::patient_element(shape.name);
  const uint32_t member = patient.empty() ? JsonText::kBroken : json.find_member(0, patient);
  const bool is_object = member != JsonText::kBroken && json.at(member) == '{';
  const std::string reference = is_object ? text_of(json, member, "reference") : std::string();
  if (const auto patient_id = patient_id_of(reference); !patient_id.empty()) {
    by_patient_[std::string(patient_id)].push_back(line);
    return true;
  }
  if (!patient.empty() && type_and_id(reference).empty()) {
    report_.add("VGL1003", std::string(patient), {patient, "no reference to anyone", "one such as Patient/1"});
    damage(&shape);
    return false;
  }
  bool is_named = false;
  for (const auto path : patient_paths(shape.name))
    visit_references(json, 0, path, [&](std::string_view named) {
      const auto patient_id = patient_id_of(named);
      if (patient_id.empty()) return;
      auto& lines = by_patient_[std::string(patient_id)];
      const bool is_new = lines.empty() || lines.back().text.data() != line.text.data();  // each once
      if (is_new) lines.push_back(line);
      is_named = true;
    });
  if (is_named) return true;
  // About no patient: it can only be found by its id.
  if (!id.empty()) shared_.insert_or_assign(shape.name + "/" + id, line);
  return !id.empty();
}

void BulkLines::damage(const ResourceShape* shape) {
  if (shape == nullptr)
    damage_all();
  else if (shape->type != nullptr)
    damages_.push_back({shape->type->fhir_type, false});
}

void BulkLines::finish_file(const FileFacts& facts) {
  if (facts.resources == 0 && !facts.has_unreadable) {
    if (facts.others == 0) return;
    report_.set_line(0);
    report_.add_note("VGL1002", {"the file holds none and is passed over"});
    return;
  }
  if (facts.others > 0) {
    report_.set_line(facts.first_other);
    report_.add("VGL1002", {}, {"it has no resourceType"});
  }
  if (facts.others > 0 || facts.has_unreadable) damage(facts.has_several_types ? nullptr : facts.only_shape);
}

}  // namespace vigil::fhir
