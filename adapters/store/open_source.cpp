// SPDX-License-Identifier: Apache-2.0
// Tells what kind of data a path, or an address, leads to.
#include "omop/omop_tables.h"
#include "store/import_source.h"

namespace vigil::store {

std::unique_ptr<ImportSource> open_source(const std::string& path, DiagnosticSink& sink, std::string_view schemas) {
  if (omop::OmopTables::is_omop(path)) return open_omop_source(path, sink, schemas);
  return open_fhir_source(path, sink);
}

}  // namespace vigil::store
