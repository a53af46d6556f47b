// SPDX-License-Identifier: Apache-2.0
// Finds columns, and reports lines.
#include "replay/given_table.h"

#include <sstream>

namespace vigil::replay {

namespace {

/// "the columns are a, b and, as needed, c".
std::string describe(const TableForm& form) {
  std::string text = "the columns are ";
  for (size_t c = 0; c < form.columns.size(); ++c) {
    if (c > 0) text += c == form.needed ? "; and, as needed, " : ", ";
    text += form.columns[c];
  }
  return text;
}

}  // namespace

GivenTable::GivenTable(std::string_view csv, std::string name, const TableForm& form, DiagnosticSink& sink)
    : name_(std::move(name)),
      form_(form),
      sink_(sink),
      reader_(tables::read_csv_table(std::make_unique<std::istringstream>(std::string(csv)))) {
  if (reader_ == nullptr) {
    refuse("the table is empty");
    return;
  }
  for (size_t c = 0; c < form_.columns.size(); ++c) {
    places_.push_back(reader_->column(form_.columns[c]));
    if (c >= form_.needed || places_[c]) continue;
    refuse("the header lacks `" + std::string(form_.columns[c]) + "`");
    reader_ = nullptr;
    return;
  }
}

bool GivenTable::next() {
  while (reader_ != nullptr && reader_->next()) {
    if (reader_->problem().empty()) return true;
    refuse(reader_->problem());
  }
  return false;
}

std::string_view GivenTable::operator[](size_t column) const {
  return places_[column] ? reader_->value(*places_[column]) : std::string_view{};
}

void GivenTable::refuse(std::string_view why) {
  is_whole_ = false;
  sink_.add(data_diagnostic(form_.code, name_, {std::to_string(reader_ == nullptr ? 1 : reader_->line()), why})
                .with_hint(describe(form_)));
}

}  // namespace vigil::replay
