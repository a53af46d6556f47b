// SPDX-License-Identifier: Apache-2.0
// Which elements of which FHIR types a set of expressions reads: by type, so that what a function or a choice hides is
// never missed.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "semantic/typed_module.h"

namespace vigil::graph {

/// Elements read, by type; an element of a base type counts for the types derived from it.
class ElementAccess {
 public:
  explicit ElementAccess(const typed::Module& module) : module_(module) {}

  /// Adds what evaluating `root` and all below it in the same body reads.
  void add_expression(typed::ExprId root);
  /// Adds what showing or comparing a whole value of this type reads.
  void add_whole(model::TypeId type);
  /// Adds what showing it in a text reads: names and displays.
  void add_display(model::TypeId type);
  void add(model::FhirTypeId type, std::string_view element);
  /// Adds what resources and data types that are made by `root` and below it are made of.
  void add_instances(typed::ExprId root);

  /// Adds what is copied into them whole: what `root` makes leaves the engine.
  void add_copied(typed::ExprId root);

  /// The elements of exactly this type that are read, in the definition's order.
  std::vector<const model::ElementInfo*> elements_of(model::FhirTypeId type) const;
  /// "medication.coding.code": every path from the type, sorted; a type inside itself is followed once.
  std::vector<std::string> paths_of(model::FhirTypeId type) const;
  /// The types that values begin with: retrieved, or made.
  const std::set<model::FhirTypeId>& roots() const { return roots_; }

 private:
  void add_one(const typed::Expr& expr);
  void add_whole_fhir(model::FhirTypeId type);
  void add_property(model::TypeId source, std::string_view element);
  void add_display_of(model::FhirTypeId resource);
  void add_conversion(model::TypeId source);
  void add_coded(model::FhirTypeId resource, std::string_view path);
  void add_values(model::FhirTypeId resource);
  void add_codes_of_concepts();
  void add_medication();
  void add_retrieve(const typed::Retrieve& retrieve);
  void add_resource_function(typed::Op op, model::TypeId argument);
  void add_resource_function(typed::Op op, model::FhirTypeId resource);
  void add_paths(model::FhirTypeId type, const std::string& prefix, std::vector<model::FhirTypeId>& inside,
                 std::set<std::string>& paths) const;

  const typed::Module& module_;
  std::set<std::pair<model::FhirTypeId, std::string>> elements_;
  std::set<model::FhirTypeId> roots_;
  std::set<model::FhirTypeId> whole_;
};

}  // namespace vigil::graph
