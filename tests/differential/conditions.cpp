// SPDX-License-Identifier: Apache-2.0
// The kinds of conditions that are made, and how often.
#include "differential/conditions.h"

namespace vigil::test {

Cond ConditionMaker::pick(const std::vector<Shape>& shapes, const std::string& x, const std::string& y) {
  const auto& shape = random_.pick(shapes);
  Cond cond{shape.feature, {}, {}, {}};
  for (const char* c = shape.text; *c != 0; ++c)
    *c == '@' ? cond.text += x : *c == '#' ? cond.text += y : cond.text += *c;
  return or_literal(std::move(cond));
}

Cond ConditionMaker::about(const Alias& x) {
  static const std::vector<Shape> kRequests = {
      {"MR status =", "@.status = 'active'"},
      {"MR status !=", "@.status != 'stopped'"},
      {"MR status in", "@.status in { 'active', 'completed' }"},
      {"MR status ~", "@.status ~ 'active'"},
      {"isActive(MR)", "isActive(@)"},
      {"isCurrent(MR)", "isCurrent(@)"},
      {"codes(MR) in", "codes(@) in \"MedicationRequest A\""},
      {"MR medication in", "@.medication in \"MedicationRequest B\""},
      {"MR medication ~", "@.medication ~ \"D1\""},
      {"isA(MR)", "isA(@, \"K1\")"},
      {"in classes(MR)", "\"K1\" in classes(@)"},
      {"ingredients query", "exists (ingredients(@) I where I.code = 'I1')"},
      {"function", "\"Is running\"(@)"},
      {"case", "case @.status when 'active' then true when 'draft' then false else @.status = 'completed' end"}};
  static const std::vector<Shape> kConditions = {{"C clinicalStatus ~", "@.clinicalStatus ~ \"Active\""},
                                                 {"C verificationStatus ~", "@.verificationStatus ~ \"Refuted\""},
                                                 {"isActive(C)", "isActive(@)"},
                                                 {"C code in", "@.code in \"Condition A\""},
                                                 {"codes(C) in", "codes(@) in \"Condition A\""}};
  static const std::vector<Shape> kObservations = {
      {"O value", "@.value > 5 'mmol/L'"},
      {"O value", "@.value < 3 'mmol/L'"},
      {"O value between", "@.value between 3 'mmol/L' and 7 'mmol/L'"},
      {"O status =", "@.status = 'final'"},
      {"O status in", "@.status in { 'final', 'amended' }"},
      {"O effective after", "@.effective after @2026-01-01"},
      {"O effective during", "@.effective during Interval[@2026-01-01, @2026-05-01]"},
      {"O effective >=", "@.effective >= Now() - 6 months"},
      {"codes(O) in", "codes(@) in \"Observation A\""}};
  static const std::vector<Shape> kAllergies = {{"A criticality =", "@.criticality = 'high'"},
                                                {"isSevere(A)", "isSevere(@)"},
                                                {"isActive(A)", "isActive(@)"},
                                                {"codes(A) in", "codes(@) in \"AllergyIntolerance A\""},
                                                {"A code in", "@.code in \"AllergyIntolerance A\""}};
  if (x.type == "Observation") {  // dates hold an @: put the alias in by hand
    Cond cond = pick(kObservations, "\x01");
    std::string text;
    for (size_t i = 0; i < cond.text.size(); ++i) {
      const bool date = cond.text[i] == '\x01' && i + 1 < cond.text.size() && cond.text[i + 1] == '2';
      if (cond.text[i] == '\x01')
        text += date ? "@" : x.name;
      else
        text += cond.text[i];
    }
    cond.text = text;
    return cond;
  }
  return pick(is_of_drug(x.type) ? kRequests : x.type == "Condition" ? kConditions : kAllergies, x.name);
}

Cond ConditionMaker::about(const Alias& x, const Alias& y) {
  if (is_of_drug(x.type) && is_of_drug(y.type) && x.type != y.type)
    return pick({{"ingredients x ingredients", "exists (ingredients(@) intersect ingredients(#))"},
                 {"classes x classes", "exists (classes(@) intersect classes(#))"}},
                x.name, y.name);
  if (is_of_drug(x.type) && is_of_drug(y.type))
    return pick({{"ingredients x ingredients", "exists (ingredients(@) intersect ingredients(#))"},
                 {"classes x classes", "exists (classes(@) intersect classes(#))"},
                 {"status = status", "@.status = #.status"}},
                x.name, y.name);
  if (x.type == "MedicationRequest" && y.type == "AllergyIntolerance")
    return pick({{"allergyMatch", "allergyMatch(@, #) is not null"},
                 {"allergyMatch level", "allergyMatch(@, #).level = 'ingredient'"}},
                x.name, y.name);
  if (x.type == "AllergyIntolerance" && y.type == "MedicationRequest") return about(y, x);
  if (x.type == "Observation" && y.type == "Observation")
    return pick(
        {{"value > value", "@.value > #.value"}, {"effective after effective", "@.effective after #.effective"}},
        x.name, y.name);
  return random_.chance(50) ? about(x) : about(y);
}

Cond ConditionMaker::list(const std::string& type, const std::vector<Alias>& scope, uint32_t depth, bool plain) {
  static const std::vector<std::string> kSetsOfDrugs = {"MedicationRequest A", "MedicationRequest B"};
  Cond all{"retrieve", "[" + type + "]", {}, {}};
  if (random_.chance(50))
    all = {"retrieve by set",
           "[" + type + ": \"" + (is_of_drug(type) ? random_.pick(kSetsOfDrugs) : type + " A") + "\"]",
           {},
           {}};
  if (!plain && depth > 0 && random_.chance(10) && allows("set operation")) {
    static const std::vector<std::string> kOperators = {"union", "intersect", "except"};
    auto left = list(type, scope, depth - 1, true), right = list(type, scope, depth - 1, true);
    return {"set operation", "((%0) " + random_.pick(kOperators) + " (%1))", {std::move(left), std::move(right)}, {}};
  }
  if (depth == 0 || random_.chance(35)) return all;
  const Alias x{fresh(), type};
  auto inner = scope;
  inner.push_back(x);
  auto where = random_.chance(60) ? about(x) : condition(inner, depth - 1);
  return {"where", "(%0 " + x.name + " where %1)", {std::move(all), std::move(where)}, {}};
}

Cond ConditionMaker::quantified(const std::vector<Alias>& scope, uint32_t depth) {
  const auto t = type();
  auto source = list(t, scope, depth);
  switch (random_.below(8)) {
    case 0:
    case 1:
    case 2: return {"exists", "exists (%0)", {std::move(source)}, {}};
    case 3: return {"not exists", "not exists (%0)", {std::move(source)}, {}};
    case 4:
      return {"Count",
              "Count(%0) " + random_.pick(std::vector<std::string>{"> 1", "= 0", ">= 1", "= 1", "< 2"}),
              {std::move(source)},
              {}};
    case 5: {
      const Alias x{fresh(), t};
      return or_literal({random_.chance(50) ? "AnyTrue" : "AllTrue",
                         (random_.chance(50) ? "AnyTrue(%0 " : "AllTrue(%0 ") + x.name + " return all %1)",
                         {std::move(source), about(x)},
                         {}});
    }
    case 6: {
      const auto x = fresh();
      const std::string element = t == "Observation"          ? ".value"
                                  : t == "AllergyIntolerance" ? ".criticality"
                                  : t == "Condition"          ? ".clinicalStatus"
                                                              : ".status";
      if (random_.chance(50))
        return or_literal(
            {"exists return", "exists (%0 " + x + " return all " + x + element + ")", {std::move(source)}, {}});
      return or_literal(
          {"Count return", "Count(%0 " + x + " return all " + x + element + ") > 1", {std::move(source)}, {}});
    }
    default: {
      const auto x = fresh();
      if (t != "MedicationRequest") return {"exists", "exists (%0)", {std::move(source)}, {}};
      return or_literal({"in list", "'active' in (%0 " + x + " return all " + x + ".status)", {std::move(source)}, {}});
    }
  }
}

Cond ConditionMaker::observed(const std::vector<Alias>& scope, uint32_t depth) {
  auto source = list("Observation", scope, depth > 1 ? 1 : depth);
  const auto x = fresh();
  switch (random_.below(14)) {
    case 8:
      return or_literal({"First sort",
                         "First(%0 " + x + " sort by (effective as FHIR.dateTime)).value > 5 'mmol/L'",
                         {std::move(source)},
                         {}});
    case 9:
      return or_literal({"Sum",
                         "Sum(%0 " + x + " return all " + x + ".value as FHIR.Quantity) > 9 'mmol/L'",
                         {std::move(source)},
                         {}});
    case 10:
      return or_literal(
          {"aggregate",
           "(%0 " + x + " aggregate N starting 0: N + (if " + x + ".value > 3 'mmol/L' then 1 else 0)) > 1",
           {std::move(source)},
           {}});
    case 11: return or_literal({"traverse", "Count(%0.value) > 1", {std::move(source)}, {}});
    case 12: return or_literal({"latest effective", "latest(%0).effective after @2026-04-15", {std::move(source)}, {}});
    case 13: {
      auto other = list("Observation", scope, 0, true);
      auto condition_of_if = leaf(scope, 0);
      return or_literal({"if of lists",
                         "exists (if %2 then (%0) else (%1))",
                         {std::move(source), std::move(other), std::move(condition_of_if)},
                         {}});
    }
    case 0:
    case 1: return or_literal({"latest", "latest(%0).value > 5 'mmol/L'", {std::move(source)}, {}});
    case 2: return or_literal({"latest within", "latest(%0, 12 months).value > 5 'mmol/L'", {std::move(source)}, {}});
    case 3: return or_literal({"latest is null", "latest(%0, 12 months) is null", {std::move(source)}, {}});
    case 4:
      return or_literal({"Last sort",
                         "Last(%0 " + x + " sort by (effective as FHIR.dateTime)).value > 5 'mmol/L'",
                         {std::move(source)},
                         {}});
    case 5:
      return or_literal({"Max",
                         "Max(%0 " + x + " return all " + x + ".value as FHIR.Quantity) > 5 'mmol/L'",
                         {std::move(source)},
                         {}});
    case 6:
      return or_literal({"Min",
                         "Min(%0 " + x + " return all " + x + ".value as FHIR.Quantity) < 3 'mmol/L'",
                         {std::move(source)},
                         {}});
    default:
      return or_literal({"let in query",
                         "exists (%0 " + x + " let V: " + x + ".value where V > 5 'mmol/L' or V < 3 'mmol/L')",
                         {std::move(source)},
                         {}});
  }
}

Cond ConditionMaker::joined(const std::vector<Alias>& scope, uint32_t depth) {
  const Alias x{fresh(), type()}, y{fresh(), type()};
  auto such_that = about(x, y);
  if (random_.chance(30)) such_that = {"and", "(%0 and %1)", {std::move(such_that), about(y)}, {}};
  auto left = list(x.type, scope, 0, true), right = list(y.type, scope, 0, true);
  const auto roll = random_.below(3);
  if (roll == 2)
    return {"from two",
            "exists (from (%0) " + x.name + ", (%1) " + y.name + " where %2)",
            {std::move(left), std::move(right), std::move(such_that)},
            {}};
  (void)depth;
  return {roll == 0 ? "with" : "without",
          "exists ((%0) " + x.name + (roll == 0 ? " with (%1) " : " without (%1) ") + y.name + " such that %2)",
          {std::move(left), std::move(right), std::move(such_that)},
          {}};
}

Cond ConditionMaker::leaf(const std::vector<Alias>& scope, uint32_t depth) {
  if (!scope.empty() && random_.chance(45)) return about(random_.pick(scope));
  if (scope.size() > 1 && random_.chance(45)) return about(scope[scope.size() - 2], scope[scope.size() - 1]);
  switch (random_.below(8)) {
    case 0:
      return pick({{"age", "AgeInYears() >= 50"},
                   {"age between", "AgeInYears() between 18 and 65"},
                   {"gender", "Patient.gender = 'female'"}},
                  "");
    case 1:
    case 2: return observed(scope, depth);
    case 3: return joined(scope, depth);
    default: return quantified(scope, depth);
  }
}

Cond ConditionMaker::condition(const std::vector<Alias>& scope, uint32_t depth) {
  if (depth == 0) return leaf(scope, 0);
  const auto two = [&](const char* feature, const char* text) {
    auto a = condition(scope, depth - 1), b = condition(scope, depth - 1);
    return or_literal({feature, text, {std::move(a), std::move(b)}, {}});
  };
  Cond made;
  switch (random_.below(20)) {
    case 0:
    case 1:
    case 2: made = two("and", "(%0 and %1)"); break;
    case 3:
    case 4: made = two("or", "(%0 or %1)"); break;
    case 5: made = two("implies", "(%0 implies %1)"); break;
    case 6: made = two("xor", "(%0 xor %1)"); break;
    case 7:
    case 8: made = {"not", "not (%0)", {condition(scope, depth - 1)}, {}}; break;
    case 9:
      made = or_literal({"if",
                         "(if %0 then %1 else %2)",
                         {condition(scope, depth - 1), leaf(scope, depth - 1), leaf(scope, depth - 1)},
                         {}});
      break;
    case 10: made = or_literal({"is true", "((%0) is true)", {condition(scope, depth - 1)}, {}}); break;
    case 11: made = or_literal({"Coalesce", "Coalesce(%0, false)", {condition(scope, depth - 1)}, {}}); break;
    default: made = leaf(scope, depth); break;
  }
  if (scope.empty() && random_.chance(20)) made.define = "Definition " + fresh();
  return made;
}

}  // namespace vigil::test
