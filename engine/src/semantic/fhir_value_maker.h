// SPDX-License-Identifier: Apache-2.0
// System values as the FHIR values an element takes: `code: RxNorm '11289'` makes a CodeableConcept.
#pragma once

#include "semantic/module_builder.h"

namespace vigil::semantic {

/// Adds the expressions that make a value of one element's type. One use an element.
class FhirValueMaker {
 public:
  FhirValueMaker(ModuleBuilder& module, const model::ElementInfo& element) : module_(module), element_(element) {}

  /// `value` is of a System type, an interval of date-times. None where the element takes no such value.
  ExprId make(ExprId value);

 private:
  using Parts = std::vector<std::pair<std::string, ExprId>>;

  /// The first of the element's types that is the named one, or below it; kNoType.
  model::FhirTypeId accepted(std::string_view name) const;
  ExprId primitive(ExprId value, std::initializer_list<std::string_view> names);
  /// The element's own type below `name` where it has one, else `name`: a part of another object.
  ExprId object(std::string_view name, const Parts& parts);
  /// A part of the value, as a FHIR primitive.
  ExprId part(ExprId value, typed::SystemElement which, TypeId type, std::string_view fhir);
  ExprId converted(ExprId value, std::string_view fhir);
  ExprId list_of(ExprId item);
  ExprId coding(ExprId code);
  ExprId from_code(ExprId code);
  ExprId from_string(ExprId text);
  ExprId from_quantity(ExprId quantity);
  ExprId from_interval(ExprId interval);

  ModuleBuilder& module_;
  const model::ElementInfo& element_;
  Span span_;  ///< of the value
};

}  // namespace vigil::semantic
