// SPDX-License-Identifier: Apache-2.0
// Made by scripts/derive-log-dictionary from 169 records. Never changed: rows are read by it.
#include "decision-log/record_dictionary.h"

namespace vigil::decision_log {
namespace {

/// How letters and lengths are coded (RFC 8878, section 5).
constexpr std::string_view kCodes(
    "\x37\xA4\x30\xEC\x01\x00\x00\x00\x34\x10\xC8\x92\xA4\x0D\xFF\xFF\xFF\xFF\xFF\xFF\x97\xE8\x50\x16\xD9\xDF\x04\x89"
    "\x26\x49\xFB\x90\xB4\x95\x5C\xD9\xCC\xF8\x68\xFD\xF1\xD1\x4A\xFC\x55\xFD\xBC\x88\x2D\x72\x69\x65\x77\x6F\xD4\x2E"
    "\x5F\xB4\xC9\x7D\x72\xB3\x00\x00\x00\x0A\x86\xC6\x03\x92\x19\xEA\x74\x00\x04\x80\x40\x9A\x90\x91\x92\x0F\x8E\x07"
    "\xC9\x05\xF1\x30\x20\x08\x08\x06\x62\xA0\x40\x10\x03\x41\x18\x45\x31\x08\x44\x93\x20\x23\x41\xC6\x9C\x42\x02\x00"
    "\x00\x04\xF3\xD4\x58\x40\x16\x8B\xE5\x28\x0A\xC3\x18\x0A\x82\x51\x4E\x21\x22\x13\x00\x00\x00\x00\x01\x00\x00\x00"
    "\x04\x00\x00\x00\x08\x00\x00\x00",
    148);

/// What records have in common.
constexpr std::string_view kText(
    R"("comment":"intent":"order","authoredOn":"priorPrescription":{"reference":"MedicationRequest/"text":"note":[{"t)"
    R"(ext":""dosage":[{"dosageInstruction":[{"text":"","asNeededBoolean":false,"route":{"coding":[{"timing":{"repeat)"
    R"(":{"boundsPeriod":{"start":"frequency":1,"period":1,"periodUnit":"d"}},"doseAndRate":[{"doseQuantity":{"value")"
    R"(:1,"unit":"mg","system":"http://unitsofmeasure.org","code":"mg"}}]}]"resourceType":"Encounter"class":{"code":")"
    R"(IMP"resourceType":"Procedure","status":"completed"performedDateTime":"resourceType":"Immunization"vaccineCode")"
    R"(:{"coding":[{"system":"http://hl7.org/fhir/sid/cvx"occurrenceDateTime":""resourceType":"MedicationStatement"ef)"
    R"(fectivePeriod":{"start":"","end":"resourceType":"MedicationAdministration"medicationReference":{"reference":"M)"
    R"(edication/"resourceType":"AllergyIntolerance"clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/)"
    R"(CodeSystem/allergyintolerance-clinical","code":"active"}]},"verificationStatus":{"coding":[{"system":"http://t)"
    R"(erminology.hl7.org/CodeSystem/allergyintolerance-verification","code":"confirmed"}]},"criticality":"high"react)"
    R"(ion":[{"manifestation":[{"coding":[{"system":"http://snomed.info/sct"severity":"severe"}]"birthDate":"gender":)"
    R"("female"male"deceasedBoolean":false{"resource":{"resourceType":"Observation","id":"","status":"final","categor)"
    R"(y":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory"vital)"
    R"(-signs"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"","display":""}]},"subject":{"reference":"P)"
    R"(atient/"},"effectiveDateTime":"2026-01-01T00:00:00Z","issued":"component":[{"valueQuantity":{"value":,"unit":")"
    R"(mL/min/{1.73_m2}mmol/L","system":"http://unitsofmeasure.org","code":"mg/dL"}}},{"resource":{"resourceType":"Co)"
    R"(ndition","id":"","clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinic)"
    R"(al","code":"active","display":"Active"}]},"verificationStatus":{"coding":[{"system":"http://terminology.hl7.or)"
    R"(g/CodeSystem/condition-ver-status","code":"confirmed","display":"Confirmed"}]},"onsetDateTime":"20abatementDat)"
    R"(eTime":"code":{"coding":[{"system":"http://snomed.info/sct","code":"","display":""}]},"subject":{"reference":")"
    R"(urn:uuid:"}}},{"resource":{"resourceType":"MedicationRequest","id":"","status":"active","medicationCodeableCon)"
    R"(cept":{"coding":[{"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":""}]},"subject":{"reference":")"
    R"(urn:uuid:"}}},"history":{"readable":true,"alerts":[]},"resting":["silenced":[{"rule":"","summary":"","reason":)"
    R"("","detail":"Not checked:\n\n- : none found in the last 12 months"systemActions":[links":[{"label":"","url":"h)"
    R"(ttps://","type":"absolute"}],"suggestions":[{"label":"Cancel ","uuid":"","isRecommended":true,"actions":[{"typ)"
    R"(e":"create"update","description":"","resource":{"type":"delete","description":"Cancel ","resourceId":"Medicati)"
    R"(onRequest/"}]}],"selectionBehavior":"at-most-one","overrideReasons":[{"code":"patient-refused","system":"http:)"
    R"(//terminology.hl7.org/CodeSystem/non-adherence-reason-codes","display":"Patient Refused"},{"code":"","system":)"
    R"("urn:vigil:override-reason","display":"Benefit outweighs the risk"}],"extension":{"davinci-crd.associated-reso)"
    R"(urce":["MedicationRequest/"],"vigil.rules": check could not be made: "indicator":"warning"critical"tier":"inte)"
    R"(rruptive"hard-stop"passive","orders":["MedicationRequest/"],"findings":[{"rule":" Oral Tablet MG "source":{"la)"
    R"(bel":"Vigil","topic":{"system":"urn:vigil:rule-category","code":"not-checked"allergy"guideline-deviation","dis)"
    R"(play":"guideline-deviation"prevention"monitoring"contraindication"dose"duplicate-therapy"{"now":"2026-01-01T00)"
    R"(:00:00.000+00:00","instance":"","patient":"","user":"Practitioner/","encounter":"","location":"Location/","hoo)"
    R"(k":"patient-view"order-select"order-sign","orders":[["MedicationRequest",""]],"completeness":{},"alerts":[{"ca)"
    R"(rd":"","key":"drug-interaction|MedicationRequest/","tier":"passive","summary":"","orders":[],"findings":[{"rul)"
    R"(e":"","digest":""}]},{"card":""}],"missing":{}}{"resourceType":"Bundle","type":"collection","entry":[]}{"resou)"
    R"(rceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"MedicationRequest","id":"","status)"
    R"(":"draft","subject":{"reference":"Patient/"},"medicationCodeableConcept":{"coding":[{"system":"http://www.nlm.)"
    R"(nih.gov/research/umls/rxnorm","code":"","display":""}]},"subject":{"reference":"Patient/"},"dosageInstruction")"
    R"(:[{}]}}]}{"cards":[]}{"cards":[{"uuid":"","summary":"","detail":"","indicator":"info","source":{"label":"","to)"
    R"(pic":{"system":"urn:vigil:rule-category","code":"drug-interaction","display":"drug-interaction"}},"extension":)"
    R"({"vigil.rules":{"pack":"","rulesDigest":"","knowledgeDigest":"","rules":[{"name":"","library":"","version":"0.)"
    R"(1.0"}]}}},{"uuid":")");

}  // namespace

std::string record_dictionary_1() { return std::string(kCodes).append(kText); }

}  // namespace vigil::decision_log
