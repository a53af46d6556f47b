// SPDX-License-Identifier: Apache-2.0
// Value sets in the XML of IHE Sharing Value Sets (urn:ihe:iti:svs:2008), as VSAC gives them.
#pragma once

#include <string_view>

#include <vigil/diagnostic.h>
#include <vigil/knowledge_base.h>

#include "knowledge/terminology_source.h"
#include "knowledge/text_file.h"

namespace vigil {

/// Each `ValueSet` or `DescribedValueSet` with its concepts; `terms` is their licence. A concept without code or code
/// system is told with its line (VGL1110) and left out.
void read_svs(const TextFile& file, std::string_view terms, KnowledgeBaseBuilder& builder, TerminologySources& sources,
              DiagnosticSink& sink);

/// The URI by which FHIR names a code system that has this OID; urn:oid: and the OID where there is none.
std::string code_system_of_oid(std::string_view oid);

}  // namespace vigil
