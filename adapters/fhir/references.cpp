// SPDX-License-Identifier: Apache-2.0
// References as text.
#include "fhir/references.h"

#include <vigil/snapshot.h>

namespace vigil::fhir {

std::string_view type_and_id(std::string_view reference) {
  reference = reference.substr(0, reference.find("/_history"));
  const size_t id = reference.rfind('/');
  if (id == std::string_view::npos || id == 0) return {};
  const size_t type = reference.rfind('/', id - 1);
  const auto relative = reference.substr(type == std::string_view::npos ? 0 : type + 1);
  return ReadPlan::is_resource_type(relative.substr(0, relative.find('/'))) ? relative : std::string_view{};
}

}  // namespace vigil::fhir
