// SPDX-License-Identifier: Apache-2.0
// Random small patients, ways to make their data incomplete, and completions: what the missing data could have been.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "differential/random_source.h"

namespace vigil::test {

/// One resource as a few texts by element; an element that is absent is not in the JSON.
struct Resource {
  std::string type;
  std::string id;
  std::map<std::string, std::string> elements;  ///< "status", "code", "value", "date", "criticality" ...
  bool damaged = false;                         ///< every element has a wrong JSON type
  bool operator==(const Resource&) const = default;

  bool is_draft() const {
    const auto at = elements.find("status");
    return type == "MedicationRequest" && at != elements.end() && at->second == "draft";
  }
  std::string reference() const { return type + "/" + id; }
};

struct Patient {
  std::vector<Resource> resources;
  std::map<std::string, std::string> incomplete;  ///< type → "partial", "not-obtained", "damaged"
};

inline const std::vector<std::string>& clinical_types() {
  static const std::vector<std::string> kTypes = {"MedicationRequest", "MedicationStatement", "Condition",
                                                  "Observation", "AllergyIntolerance"};
  return kTypes;
}

inline bool is_of_drug(const std::string& type) { return type == "MedicationRequest" || type == "MedicationStatement"; }

/// What an element of a resource type can be; all of it is known to the knowledge base.
inline const std::vector<std::string>& domain(const std::string& type, const std::string& element) {
  static const std::map<std::string, std::vector<std::string>> kDomains = {
      {"MedicationRequest.status", {"active", "completed", "stopped"}},
      {"MedicationRequest.code", {"D1", "D2", "D3", "D4"}},
      {"MedicationStatement.status", {"active", "completed", "stopped", "not-taken"}},
      {"MedicationStatement.code", {"D1", "D2", "D3", "D4"}},
      {"Condition.status", {"active", "resolved", "inactive"}},
      {"Condition.verification", {"confirmed", "confirmed", "refuted"}},
      {"Condition.code", {"C1", "C2", "C3"}},
      {"Observation.status", {"final", "amended", "entered-in-error"}},
      {"Observation.code", {"O1", "O2"}},
      {"Observation.date", {"2026-05-30", "2026-04-01", "2025-12-24", "2024-02-02"}},
      {"Observation.value", {"2", "4", "6", "8"}},
      {"AllergyIntolerance.status", {"active", "resolved", "inactive"}},
      {"AllergyIntolerance.verification", {"confirmed", "confirmed", "refuted"}},
      {"AllergyIntolerance.code", {"I1", "I2", "I3", "A1", "A2", "N0"}},
      {"AllergyIntolerance.criticality", {"high", "low"}},
      {"Patient.birthDate", {"1940-01-01", "1965-06-15", "1990-12-31", "2015-03-03"}},
      {"Patient.gender", {"female", "male"}},
  };
  static const std::vector<std::string> kNone;
  const auto at = kDomains.find(type + "." + element);
  return at == kDomains.end() ? kNone : at->second;
}

inline const std::vector<std::string>& elements_of(const std::string& type) {
  static const std::map<std::string, std::vector<std::string>> kElements = {
      {"MedicationRequest", {"status", "code"}},
      {"MedicationStatement", {"status", "code"}},
      {"Condition", {"status", "verification", "code"}},
      {"Observation", {"status", "code", "date", "value"}},
      {"AllergyIntolerance", {"status", "verification", "code", "criticality"}},
      {"Patient", {"birthDate", "gender"}},
  };
  return kElements.at(type);
}

inline Resource random_resource(RandomSource& random, const std::string& type, std::string id) {
  Resource made{type, std::move(id), {}, false};
  for (const auto& element : elements_of(type)) made.elements[element] = random.pick(domain(type, element));
  return made;
}

inline Patient random_patient(RandomSource& random) {
  Patient patient;
  patient.resources.push_back(random_resource(random, "Patient", "p"));
  size_t number = 0;
  for (const auto& type : clinical_types())
    for (size_t i = random.below(3); i > 0; --i)
      patient.resources.push_back(random_resource(random, type, "r" + std::to_string(++number)));
  for (size_t i = 1 + (random.chance(30) ? 1 : 0); i > 0; --i) {
    auto draft = random_resource(random, "MedicationRequest", "d" + std::to_string(++number));
    draft.elements["status"] = "draft";
    patient.resources.push_back(std::move(draft));
  }
  for (size_t i = patient.resources.size(); i > 1; --i)
    std::swap(patient.resources[i - 1], patient.resources[random.below(i)]);
  return patient;
}

// --- JSON ----------------------------------------------------------------------------------------------------------

inline std::string concept_json(const std::string& system, const std::string& code) {
  return R"({"coding":[{"system":")" + system + R"(","code":")" + code + "\"}]}";
}

inline std::string element_json(const Resource& resource, const std::string& element, const std::string& text) {
  static const std::map<std::string, std::string> kSystems = {{"MedicationRequest", "urn:t:drug"},
                                                              {"MedicationStatement", "urn:t:drug"},
                                                              {"Condition", "urn:t:condition"},
                                                              {"Observation", "urn:t:lab"},
                                                              {"AllergyIntolerance", "urn:t:allergen"}};
  const auto& type = resource.type;
  const bool clinical = type == "Condition" || type == "AllergyIntolerance";
  const auto member = [&](const std::string& name, const std::string& value) {
    return "\"" + name + "\":" + (resource.damaged ? "5" : value);
  };
  const auto quoted = [](const std::string& s) { return "\"" + s + "\""; };
  const std::string terminology = "http://terminology.hl7.org/CodeSystem/";
  const std::string prefix = type == "Condition" ? "condition-" : "allergyintolerance-";
  if (element == "code")
    return member(is_of_drug(type) ? "medicationCodeableConcept" : "code", concept_json(kSystems.at(type), text));
  if (element == "status" && clinical)
    return member("clinicalStatus", concept_json(terminology + prefix + "clinical", text));
  if (element == "verification")
    return member("verificationStatus",
                  concept_json(terminology + prefix + (type == "Condition" ? "ver-status" : "verification"), text));
  if (element == "date") return member("effectiveDateTime", quoted(text));
  if (element == "value")
    return member("valueQuantity",
                  R"({"value":)" + text + R"(,"unit":"mmol/L","system":"http://unitsofmeasure.org","code":"mmol/L"})");
  return member(element, quoted(text));
}

inline std::string to_json(const Resource& resource) {
  std::string json = R"({"resourceType":")" + resource.type + R"(","id":")" + resource.id + "\"";
  for (const auto& [element, text] : resource.elements) json += "," + element_json(resource, element, text);
  return json + "}";
}

inline std::string to_json(const Patient& patient) {
  std::string json = R"({"resourceType":"Bundle","type":"collection","entry":[)";
  for (size_t i = 0; i < patient.resources.size(); ++i)
    json += (i == 0 ? "\n " : ",\n ") + (R"({"resource":)" + to_json(patient.resources[i]) + "}");
  return json + "]}";
}

// --- incomplete data -------------------------------------------------------------------------------------------------

/// One way in which data is missing. `name` is what exclusions speak of: "remove Observation.status", "partial
/// Condition".
struct Hole {
  enum class Kind : uint8_t { kRemove, kCoarse, kUnknownCode, kIncomplete, kDamage } kind = Kind::kRemove;
  std::string name;
  std::string type;
  std::string id;  ///< of the resource
  std::string element;
  std::string level;
};

inline Hole random_hole(RandomSource& random, const Patient& patient) {
  Hole hole;
  const auto roll = random.below(10);
  if (roll < 2) {
    hole.kind = Hole::Kind::kIncomplete;
    hole.type = random.pick(clinical_types());
    hole.level = random.pick(std::vector<std::string>{"partial", "not-obtained", "damaged"});
    hole.name = hole.level + " " + hole.type;
    return hole;
  }
  const auto& resource = random.pick(patient.resources);
  hole.type = resource.type;
  hole.id = resource.id;
  if (roll < 3 && resource.type != "Patient") {
    hole.kind = Hole::Kind::kDamage;
    hole.name = "damage " + hole.type;
  } else if (roll < 5 && (is_of_drug(resource.type) || resource.type == "AllergyIntolerance")) {
    hole.kind = Hole::Kind::kUnknownCode;
    hole.name = "unknown " + hole.type + ".code";
  } else {
    hole.element = random.pick(elements_of(resource.type));
    if (hole.element == "status" && resource.is_draft())
      hole.element = "code";  // what is under review, the trigger says
    const bool coarse = (hole.element == "date" || hole.element == "birthDate") && random.chance(40);
    if (coarse) hole.kind = Hole::Kind::kCoarse;
    hole.name = (coarse ? "coarse " : "remove ") + hole.type + "." + hole.element;
  }
  return hole;
}

inline Resource* find_resource(Patient& patient, const std::string& type, const std::string& id) {
  for (auto& resource : patient.resources)
    if (resource.type == type && resource.id == id) return &resource;
  return nullptr;
}

inline Patient make_incomplete(const Patient& whole, const std::vector<Hole>& holes) {
  Patient patient = whole;
  for (const auto& hole : holes) {
    if (hole.kind == Hole::Kind::kIncomplete) {
      patient.incomplete[hole.type] = hole.level;
      continue;
    }
    auto& resource = *find_resource(patient, hole.type, hole.id);
    if (hole.kind == Hole::Kind::kDamage) resource.damaged = true;
    if (hole.kind == Hole::Kind::kUnknownCode) resource.elements["code"] = "X-17";
    if (hole.kind == Hole::Kind::kCoarse) resource.elements[hole.element].resize(4);  // the year alone
    if (hole.kind == Hole::Kind::kRemove) resource.elements.erase(hole.element);
  }
  return patient;
}

/// What the patient could be in truth, given the incomplete data: nothing but the holes differs.
inline Patient random_completion(RandomSource& random, const Patient& whole, const std::vector<Hole>& holes) {
  Patient patient = whole;
  for (const auto& hole : holes) {
    if (hole.kind == Hole::Kind::kIncomplete) {
      for (size_t i = random.below(3); i > 0; --i)
        patient.resources.push_back(random_resource(random, hole.type, "x" + std::to_string(patient.resources.size())));
      continue;
    }
    auto& resource = *find_resource(patient, hole.type, hole.id);
    if (hole.kind == Hole::Kind::kDamage) {
      const bool draft = resource.is_draft();
      resource = random_resource(random, hole.type, hole.id);
      if (draft) resource.elements["status"] = "draft";
    } else if (hole.kind == Hole::Kind::kCoarse) {
      auto& text = resource.elements[hole.element];
      text =
          text.substr(0, 4) + random.pick(std::vector<std::string>{"-01-01", "-03-03", "-05-31", "-05-01", "-12-31"});
      if (hole.element == "date" && text > "2026-06-01") text = "2026-06-01";
    } else {
      const auto element = hole.kind == Hole::Kind::kUnknownCode ? std::string("code") : hole.element;
      resource.elements[element] = random.pick(domain(hole.type, element));
    }
  }
  return patient;
}

}  // namespace vigil::test
