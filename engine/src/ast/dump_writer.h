// SPDX-License-Identifier: Apache-2.0
// Helpers to write s-expressions. Private to ast/dump*.cpp.
#pragma once

#include <string>

#include "ast/dump.h"

namespace vigil::ast {

/// Writes `(head part part)`; each part is preceded by a space.
class DumpWriter {
 public:
  explicit DumpWriter(const Library& library, std::string head = {}) : library_(library), out_('(' + std::move(head)) {}

  DumpWriter& raw(std::string_view text) {
    (out_ += ' ') += text;
    return *this;
  }
  DumpWriter& name(const Name& name) { return raw(spelled(name)); }
  DumpWriter& called(const Name& alias) { return alias.text.empty() ? *this : raw("called").name(alias); }
  DumpWriter& path(const std::vector<Name>& parts);
  DumpWriter& text(std::string_view text) { return raw(quoted(text)); }
  DumpWriter& expr(ExprId id) {
    if (id) raw(dump(library_, id));
    return *this;
  }
  DumpWriter& exprs(const std::vector<ExprId>& ids) {
    for (const auto id : ids) expr(id);
    return *this;
  }
  DumpWriter& type(TypeSpecId id) {
    if (id) raw(dump(library_, id));
    return *this;
  }
  DumpWriter& flag(bool set, std::string_view word) {
    if (set) raw(word);
    return *this;
  }
  /// `(head value)`, where there is one.
  DumpWriter& part(std::string_view head, ExprId id);
  DumpWriter& part(std::string_view head, std::string_view text) {
    if (!text.empty()) raw('(' + std::string(head) + ' ' + quoted(text) + ')');
    return *this;
  }
  DumpWriter& fields(const std::vector<NamedValue>& values);
  DumpWriter& source(const AliasedSource& source);
  std::string done() { return std::move(out_ += ')'); }

  /// A name as it could be written: in double quotes where it was.
  static std::string spelled(const Name& name) { return name.quoted ? '"' + name.text + '"' : name.text; }
  static std::string quoted(std::string_view text);

 private:
  const Library& library_;
  std::string out_;
};

}  // namespace vigil::ast
