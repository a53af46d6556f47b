// SPDX-License-Identifier: Apache-2.0
// Function calls: authors' own functions, built-in ones, ages, and FHIRHelpers by name.
#include <algorithm>

#include "diagnostics/catalogue.h"
#include "diagnostics/suggest.h"
#include "semantic/conversions.h"
#include "semantic/expression_checker.h"
#include "semantic/overload_resolution.h"

namespace vigil::semantic {
namespace {

std::string list_types(const ModuleBuilder& module, const TypeTable& types, const std::vector<ExprId>& operands) {
  std::string text;
  for (const auto id : operands) text += (text.empty() ? "" : ", ") + spoken_type(types, module.type(id));
  return text.empty() ? "no operands" : text;
}

std::string age_hint(std::string_view name, bool calculate, bool at) {
  const auto birth = std::string(calculate ? "birth date" : "");
  return "it is written `" + std::string(name) + '(' + birth + (calculate && at ? ", " : "") + (at ? "date" : "") +
         ")`";
}

}  // namespace

ExprId ExpressionChecker::check_call(const ast::CallExpr& e, Span span) {
  std::vector<ExprId> operands;
  std::optional<uint32_t> library;
  bool fluent = false;
  if (e.target) {
    library = as_library(e.target);
    if (!library) {
      fluent = true;
      operands.push_back(check(e.target));
    }
  }
  for (const auto argument : e.arguments) operands.push_back(check(argument));
  if (std::any_of(operands.begin(), operands.end(), [](ExprId id) { return !id; })) return none();
  return call_function(e.function, std::move(operands), library, fluent, span);
}

ExprId ExpressionChecker::call_function(const ast::Name& name, std::vector<ExprId> operands,
                                        std::optional<uint32_t> library, bool fluent, Span span) {
  const auto candidates = names_.find_functions(name.text, library, fluent);
  if (const auto called = call_user_function(candidates, name, operands, span)) return *called;
  if (library && *library == UINT32_MAX && operands.size() == 1) return fhir_helper(name, operands[0], span);
  if (library) {
    if (!names_.is_broken(name.text, library) && !names_.report_private_function(name, *library))
      sink_.add(
          make_diagnostic<Code::VGL0203>(name.span, name.text).with_hint(names_.suggest_function(name.text, library)));
    return none();
  }
  if (const auto special = call_special(name, operands, span)) return *special;
  if (is_known_overload(name.text)) return apply({name.text, span, name.text, name.span, true}, std::move(operands));
  if (is_not_yet(name.text)) {
    sink_.add(make_diagnostic<Code::VGL0305>(name.span, name.text));
    return none();
  }
  if (!names_.is_broken(name.text))
    sink_.add(make_diagnostic<Code::VGL0203>(name.span, name.text)
                  .with_hint(names_.suggest_function(name.text, std::nullopt)));
  return none();
}

std::optional<ExprId> ExpressionChecker::call_user_function(const std::vector<uint32_t>& candidates,
                                                            const ast::Name& name, const std::vector<ExprId>& operands,
                                                            Span span) {
  if (candidates.empty()) return std::nullopt;
  uint32_t best_cost = UINT32_MAX;
  std::vector<uint32_t> best;
  for (const auto index : candidates) {
    const auto parameters = module_.module().functions[index].parameters;
    if (parameters.size() != operands.size()) continue;
    uint32_t total = 0;
    bool fits = true;
    for (size_t i = 0; i < operands.size() && fits; ++i) {
      const auto cost = conversion_cost(types_, type(operands[i]), parameters[i]);
      fits = cost.has_value();
      total += cost.value_or(0);
    }
    if (!fits || total > best_cost) continue;
    if (total < best_cost) best.clear();
    best_cost = total;
    best.push_back(index);
  }
  if (best.empty()) {
    if (is_known_overload(name.text)) return std::nullopt;  // an overload beside the built-in one
    const auto& first = module_.module().functions[candidates[0]];
    std::string takes;
    for (const auto parameter : first.parameters) takes += (takes.empty() ? "" : ", ") + spoken_type(types_, parameter);
    sink_.add(make_diagnostic<Code::VGL0302>(name.span, name.text, list_types(module_, types_, operands))
                  .label(first.span, takes.empty() ? "takes nothing" : "takes " + takes));
    return none();
  }
  if (best.size() > 1) {
    sink_.add(make_diagnostic<Code::VGL0306>(name.span, name.text, list_types(module_, types_, operands))
                  .label(module_.module().functions[best[0]].span, "this one")
                  .label(module_.module().functions[best[1]].span, "or this one"));
    return none();
  }
  names_.check_function(best[0]);
  const auto& function = module_.module().functions[best[0]];
  if (!function.body) return none();  // reported where it is declared
  const auto parameters = function.parameters;
  const auto result = function.result;
  std::vector<ExprId> converted;
  for (size_t i = 0; i < operands.size(); ++i) converted.push_back(convert(module_, operands[i], parameters[i]));
  return module_.add(Op::kCallFunction, result, span, std::move(converted), best[0]);
}

std::optional<ExprId> ExpressionChecker::call_special(const ast::Name& name, const std::vector<ExprId>& operands,
                                                      Span span) {
  const auto& text = name.text;
  if (text == "Coalesce" && !operands.empty()) {
    if (operands.size() == 1 && types_.is_list(type(operands[0])))
      return module_.add(Op::kCoalesceList, types_.element(type(operands[0])), span, operands);
    std::vector<TypeId> candidates;
    for (const auto id : operands) candidates.push_back(type(id));
    const auto common = common_type(types_, candidates);
    std::vector<ExprId> converted;
    for (const auto id : operands) converted.push_back(convert(module_, id, common));
    return module_.add(Op::kCoalesce, common, span, std::move(converted));
  }
  if (text.starts_with("AgeIn") || text.starts_with("CalculateAgeIn")) return call_age(name, operands, span);
  if (text.starts_with("ConvertsTo") && operands.size() == 1) return call_converts(text, operands[0], span);
  if (text == "CanConvertQuantity" && operands.size() == 2) {
    const auto converted = apply({"ConvertQuantity", span, text, name.span, true}, operands);
    return converted ? module_.add(Op::kConverts, model::kBoolean, span, {operands[0], converted}) : none();
  }
  if (text == "Precision" && operands.size() == 1)
    if (const auto digits = written_digits(operands[0])) return integer(*digits, span);
  if (text == "ToConcept" && operands.size() == 1 && types_.is_fhir(type(operands[0])))
    return convert_or_report(operands[0], model::kConcept);
  if (text == "ToString" && operands.size() == 1) {
    const auto operand = type(operands[0]);
    if (operand == model::kString ||
        (types_.is_fhir(operand) && system_type_of(types_, types_.fhir_type(operand)) == model::kString))
      return convert_or_report(operands[0], model::kString);
  }
  return std::nullopt;
}

/// ConvertsToInteger(x) and its kin: a type without that conversion converts where it is the wanted one already.
ExprId ExpressionChecker::call_converts(std::string_view name, ExprId operand, Span span) {
  const auto conversion = name.substr(std::string_view("Converts").size());
  const auto* const wanted = TypeTable::find_system(conversion.substr(2));
  if (!is_known_overload(conversion) || wanted == nullptr) {
    sink_.add(make_diagnostic<Code::VGL0203>(span, name).with_hint(did_you_mean(name, function_names())));
    return none();
  }
  const TypeId operand_types[] = {type(operand)};
  auto converted = module_.null(*wanted, span);
  if (type(operand) == *wanted)
    converted = operand;
  else if (resolve_overload(types_, conversion, operand_types))
    converted = apply({conversion, span, name, span, true}, {operand});
  return converted ? module_.add(Op::kConverts, model::kBoolean, span, {operand, converted}) : none();
}

/// The fraction digits of a decimal as it is written: 1.50 has 2. Values do not keep their trailing zeros.
std::optional<int> ExpressionChecker::written_digits(ExprId operand) const {
  const auto& e = module_[operand];
  if (e.op != Op::kConstant || e.type != model::kDecimal) return std::nullopt;
  const auto& text = module_.module().constants[e.a].literal.text;
  const auto point = text.find('.');
  return point == std::string::npos ? 0 : static_cast<int>(text.size() - point - 1);
}

ExprId ExpressionChecker::integer(int value, Span span) {
  typed::Constant constant;
  constant.type = model::kInteger;
  constant.literal.kind = ast::LiteralKind::kInteger;
  constant.literal.text = std::to_string(value);
  return module_.constant(std::move(constant), span);
}

/// AgeInYears(), AgeInMonthsAt(@2020), CalculateAgeInYears(birth), CalculateAgeInDaysAt(birth, asOf).
ExprId ExpressionChecker::call_age(const ast::Name& called, const std::vector<ExprId>& operands, Span span) {
  const std::string_view name = called.text;
  const bool calculate = name.starts_with("Calculate");
  auto unit = name.substr(calculate ? 14 : 5);
  const bool at = unit.ends_with("At");
  if (at) unit.remove_suffix(2);
  static constexpr std::string_view kUnits[] = {"Years", "Months", "Days", "Hours", "Minutes", "Seconds"};
  const auto* found = std::find(std::begin(kUnits), std::end(kUnits), unit);
  const bool weeks = unit == "Weeks";
  if ((found == std::end(kUnits) && !weeks) || operands.size() != (calculate ? 1u : 0u) + (at ? 1u : 0u)) {
    if (found == std::end(kUnits) && !weeks)
      sink_.add(make_diagnostic<Code::VGL0203>(called.span, name).with_hint(did_you_mean(name, function_names())));
    else
      sink_.add(make_diagnostic<Code::VGL0302>(called.span, name, list_types(module_, types_, operands))
                    .with_hint(age_hint(name, calculate, at)));
    return none();
  }
  if (!calculate && !names_.uses_fhir()) {
    names_.require_fhir(called.span, '`' + called.text + '`');
    return none();
  }
  const auto precision = weeks ? Precision::kDay : static_cast<Precision>(found - std::begin(kUnits));
  const bool fine = precision > Precision::kDay;
  ExprId birth;
  if (calculate) {
    birth = operands[0];
  } else {
    const auto patient = module_.add(Op::kPatient, types_.fhir(model::find_type("Patient")), span);
    birth = fhir_member(patient, {"birthDate", span, false}, span);
  }
  const auto wanted = fine ? model::kDateTime : model::kDate;
  const auto birth_type = type(birth);
  const bool birth_is_date_time = birth_type == model::kDateTime;
  const auto common = birth_is_date_time ? model::kDateTime : wanted;
  birth = convert_or_report(birth, common);
  ExprId when;
  if (at) {
    when = operands.back();
    if (type(when) == model::kDateTime && common == model::kDate)
      when = module_.add(Op::kConvertDateTimeToDate, model::kDate, span, {when});
    when = convert_or_report(when, common);
  } else {
    when = common == model::kDate ? module_.add(Op::kToday, model::kDate, span)
                                  : module_.add(Op::kNow, model::kDateTime, span);
  }
  if (!birth || !when) return none();
  return module_.add(Op::kAgeAt, model::kInteger, span, {birth, when}, static_cast<uint32_t>(precision), weeks ? 1 : 0);
}

ExprId ExpressionChecker::fhir_helper(const ast::Name& name, ExprId operand, Span span) {
  struct Row {
    std::string_view name;
    TypeId type;
  };
  const auto operand_type = type(operand);
  if (name.text == "ToInterval") {
    if (types_.is_fhir(operand_type))
      if (const auto system = system_type_of(types_, types_.fhir_type(operand_type));
          system && types_.is_interval(*system))
        return convert(module_, operand, *system);
    return convert_or_report(operand, types_.interval(model::kDateTime));
  }
  static constexpr Row kRows[] = {
      {"ToString", model::kString},   {"ToBoolean", model::kBoolean},   {"ToInteger", model::kInteger},
      {"ToDecimal", model::kDecimal}, {"ToDate", model::kDate},         {"ToDateTime", model::kDateTime},
      {"ToTime", model::kTime},       {"ToQuantity", model::kQuantity}, {"ToRatio", model::kRatio},
      {"ToCode", model::kCode},       {"ToConcept", model::kConcept}};
  for (const auto& row : kRows)
    if (row.name == name.text) return convert_or_report(operand, row.type);
  std::vector<std::string_view> known;
  for (const auto& row : kRows) known.push_back(row.name);
  sink_.add(
      make_diagnostic<Code::VGL0203>(name.span, "FHIRHelpers." + name.text).with_hint(did_you_mean(name.text, known)));
  (void)span;
  return none();
}

}  // namespace vigil::semantic
