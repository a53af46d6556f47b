// SPDX-License-Identifier: Apache-2.0
// Prints values. JSON values are passed on as the engine writes them, so that decimals keep their digits.
#include "cli/write_values.h"

#include <ostream>

#include "cli/write_json.h"

namespace vigil::cli {
namespace {

std::string json_string(std::string_view text) { return to_text(Json(text), /*indented=*/false); }

std::string value_text(const DefinitionResult& result) {
  if (result.error) return "(failed: " + result.error->message + " [" + std::string(result.error->code) + "])";
  return result.undetermined ? result.value + "  (undetermined)" : result.value;
}

std::string value_json(const DefinitionResult& result) {
  return result.error || result.json.empty() ? "null" : result.json;
}

/// `"label": [...]`, or nothing for no items.
void write_list(std::ostream& out, std::string_view label, const std::vector<std::string>& items,
                std::string_view indent) {
  if (items.empty()) return;
  out << ",\n" << indent << "  " << json_string(label) << ": [";
  for (size_t i = 0; i < items.size(); ++i) out << (i == 0 ? "" : ", ") << items[i];
  out << ']';
}

}  // namespace

void ValueWriter::write(std::optional<std::string_view> patient, std::span<const DefinitionResult> results) {
  switch (format_) {
    case Format::kText: write_text(patient, results); break;
    case Format::kJson: write_json(patient, results); break;
    case Format::kTsv: write_tsv(patient.value_or(""), results); break;
  }
  ++written_;
}

void ValueWriter::write_text(std::optional<std::string_view> patient, std::span<const DefinitionResult> results) {
  if (only_value_) {
    for (const auto& result : results) {
      if (patient) out_ << *patient << ": ";
      out_ << value_text(result) << '\n';
    }
    return;
  }
  if (patient) out_ << (written_ == 0 ? "" : "\n") << *patient << '\n';
  for (const auto& result : results)
    out_ << (patient ? "  " : "") << name(result) << " = " << value_text(result) << '\n';
}

void ValueWriter::write_json(std::optional<std::string_view> patient, std::span<const DefinitionResult> results) {
  if (only_value_ && !patient) {
    for (const auto& result : results) out_ << value_json(result) << '\n';
    return;
  }
  const std::string_view indent = patient ? "  " : "";
  if (patient) out_ << (written_ == 0 ? "[\n" : ",\n");
  out_ << indent << "{\n";
  if (patient) out_ << indent << "  \"patient\": " << json_string(*patient) << ",\n";
  out_ << indent << "  \"values\": {";
  std::vector<std::string> undetermined;
  std::vector<std::string> errors;
  for (const auto& result : results) {
    out_ << (&result == &results.front() ? "\n" : ",\n") << indent << "    " << json_string(name(result)) << ": "
         << value_json(result);
    if (result.undetermined) undetermined.push_back(json_string(name(result)));
    if (result.error)
      errors.push_back(to_text(
          {{"definition", name(result)}, {"code", result.error->code}, {"message", result.error->message}}, false));
  }
  out_ << (results.empty() ? "}" : "\n" + std::string(indent) + "  }");
  write_list(out_, "undetermined", undetermined, indent);
  write_list(out_, "errors", errors, indent);
  out_ << '\n' << indent << '}';
  if (!patient) out_ << '\n';
}

void ValueWriter::write_tsv(std::string_view patient, std::span<const DefinitionResult> results) {
  out_ << patient << '\t';
  std::string_view separator;
  for (const auto& result : results) {
    if (!result.is_true) continue;
    out_ << separator << name(result);
    separator = " ";
  }
  out_ << '\n';
}

void ValueWriter::finish(bool had_patients) {
  if (format_ == Format::kJson && had_patients) out_ << (written_ == 0 ? "[]\n" : "\n]\n");
}

}  // namespace vigil::cli
