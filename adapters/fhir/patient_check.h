// SPDX-License-Identifier: Apache-2.0
// Keeps the data of different patients apart.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "fhir/data_report.h"
#include "fhir/resource_reader.h"

namespace vigil::fhir {

/// The id in a reference to a patient: "Patient/1", "http://host/fhir/Patient/1/_history/2". Empty where the text names
/// none ("urn:uuid:…", "Group/1", "Patient?identifier=…").
std::string_view patient_id_of(std::string_view reference);

/// Whose the data is: `expected_patient` where it is given, else the first Patient; where that has no id, the first
/// patient referred to. Resources of others lose their object: another Patient is VGL1009 and damages everything; a
/// resource that refers to another patient is VGL1012 and makes its type `without` it, since it may be this patient's
/// under a wrong reference. A reference that does not tell (see above) and is no other Patient's full URL counts as
/// this patient's. An Appointment is another's if other patients take part in it and this one does not; `participants`
/// are those of all, see ResourceReader.
void check_patients(std::vector<PendingResource>& pending, std::span<const std::string_view> participants,
                    std::string_view expected_patient, Completeness without, Timeline& timeline, DataReport& report);

}  // namespace vigil::fhir
