// SPDX-License-Identifier: Apache-2.0
// What one library sees: its own names, those of the libraries it includes, and what to suggest for unknown ones.
#pragma once

#include "semantic/module_checker.h"

namespace vigil::semantic {

/// One library's view of all names. Lives as long as the ModuleChecker.
class LibraryNames final : public Names {
 public:
  LibraryNames(ModuleChecker& checker, uint32_t index) : checker_(checker), index_(index) {}

  Symbol find(std::string_view name, std::optional<uint32_t> library, Span use) override;
  std::vector<uint32_t> find_functions(std::string_view name, std::optional<uint32_t> library, bool fluent) override;
  void check_function(uint32_t function) override { checker_.check_function(*checker_.function_entries_[function]); }
  std::optional<std::pair<std::string, std::string>> find_code_system(const std::vector<ast::Name>& name) override;
  std::string suggest_name(std::string_view name, std::optional<uint32_t> library,
                           std::vector<std::string> locals) override;
  std::string suggest_function(std::string_view name, std::optional<uint32_t> library) override;
  std::string suggest_code_system(std::string_view name) override;
  bool report_private_function(const ast::Name& name, uint32_t library) override;
  bool is_broken(std::string_view name, std::optional<uint32_t> library) override;
  void require_fhir(Span use, std::string_view what) override;
  bool uses_fhir() const override;

 private:
  std::vector<std::pair<std::string, uint32_t>> included() const;
  std::vector<std::string> public_names(uint32_t library) const;
  std::vector<std::string> public_functions(uint32_t library) const;

  ModuleChecker& checker_;
  uint32_t index_;
};

}  // namespace vigil::semantic
