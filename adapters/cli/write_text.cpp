// SPDX-License-Identifier: Apache-2.0
// Reports, tests and explanations as text.
#include "cli/write_text.h"

#include <algorithm>
#include <ostream>
#include <set>

#include "cli/console.h"

namespace vigil::cli {
namespace {

constexpr size_t kExplanationWidth = 120;

Paint colour_of(Tier tier) {
  switch (tier) {
    case Tier::kSilent: return Paint::kDim;
    case Tier::kPassive: return Paint::kCyan;
    case Tier::kInterruptive: return Paint::kYellow;
    case Tier::kHardStop: return Paint::kRed;
  }
  return Paint::kPlain;
}

std::string rule_names(const std::vector<uint32_t>& rules, const Rulebook& rulebook) {
  std::vector<std::string> names;
  for (const uint32_t rule : rules) names.push_back(rulebook.rules()[rule].name);
  return join(names, ", ");
}

/// "it is severe; orders: MedicationRequest/1; facts: ..."
std::string reasons(const Alert& alert) {
  std::vector<std::string> reasons;
  if (!alert.tier_reason.empty()) reasons.push_back(alert.tier_reason);
  if (!alert.orders.empty()) reasons.push_back("orders: " + join(alert.orders, ", "));
  std::vector<std::string> facts;
  for (const auto& fact : alert.facts)
    if (std::ranges::find(alert.orders, fact) == alert.orders.end()) facts.push_back(fact);
  if (!facts.empty()) reasons.push_back("facts: " + join(facts, ", "));
  return join(reasons, "; ");
}

/// "interruptive, major (List A); passive (List B)"
std::string tiers_of_sources(const Alert& alert) {
  std::vector<std::string> sources;
  for (const auto& source : alert.sources) {
    sources.emplace_back(name(source.tier));
    if (!source.severity.empty()) sources.back() += ", " + source.severity;
    if (!source.cites.empty()) sources.back() += " (" + join(source.cites, "; ") + ")";
  }
  return join(sources, "; ");
}

void write_lines(std::ostream& out, std::string_view text) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    if (const auto line = one_line(text.substr(0, end), SIZE_MAX); !line.empty()) out << "    " << line << '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void write_alert(std::ostream& out, const Alert& alert, const Rulebook& rulebook, TextStyle style) {
  const std::string tier = "[" + std::string(alert.is_note ? "note" : name(alert.tier)) + "]";
  out << "  " << paint(tier, alert.is_note ? Paint::kDim : colour_of(alert.tier), style.colour);
  if (!alert.category.empty()) out << ' ' << alert.category << " ·";
  if (!alert.rules.empty()) out << ' ' << rule_names(alert.rules, rulebook);
  out << "\n    " << paint(one_line(alert.summary, SIZE_MAX), Paint::kBold, style.colour) << '\n';
  write_lines(out, alert.detail);
  if (const auto why = reasons(alert); !why.empty()) out << "    why: " << why << '\n';
  if (sources_differ(alert)) out << "    sources differ: " << one_line(tiers_of_sources(alert), SIZE_MAX) << '\n';
  for (const auto& cite : alert.cites) out << "    source: " << one_line(cite, SIZE_MAX) << '\n';
  static constexpr std::string_view kWords[] = {"suggest", "recommend", "perform"};
  for (const auto& one : alert.suggestions)
    out << "    " << kWords[static_cast<size_t>(one.kind)] << ": " << one.label << '\n';
  for (const auto& link : alert.links) out << "    see: " << link.label << " <" << link.url << ">\n";
  if (style.explain) write_explanation(out, alert.explanation, 6, style);
}

/// In one order for all rules, so that those that lack the same data are told together.
std::string missing_data(const UnknownRule& unknown) {
  std::set<std::string> missing;
  for (const auto& datum : unknown.missing) missing.insert(datum.what);
  auto text = join(std::vector(missing.begin(), missing.end()), "; ");
  if (unknown.missing.size() >= kMaxMissingData) text += "; and perhaps more";
  return text;
}

/// Rules that lack the same data, together.
void write_unknown(std::ostream& out, const std::string& missing, std::span<const UnknownRule* const> rules,
                   const Rulebook& rulebook, TextStyle style) {
  const auto name_of = [&](const UnknownRule* unknown) { return rulebook.rules()[unknown->rule].name; };
  const bool is_one = rules.size() == 1;
  const std::string who = is_one ? name_of(rules.front()) : counted(rules.size(), "rule");
  out << "  " << paint("could not check:", Paint::kCyan, style.colour) << ' ' << who;
  if (!missing.empty()) out << ": " << missing;
  out << '\n';
  for (const auto* unknown : rules) {
    if (!is_one) out << "    " << name_of(unknown) << '\n';
    if (style.explain) write_explanation(out, unknown->explanation, 6, style);
  }
}

/// Whether a note lists what of the data could not be checked.
bool has_general_note(const PatientReport& report) {
  return std::ranges::any_of(report.alerts(), [](const Alert& alert) { return alert.is_note && alert.rules.empty(); });
}

/// Whether a note says already what could not be checked.
bool has_note(const PatientReport& report, uint32_t rule) {
  return std::ranges::any_of(report.alerts(), [&](const Alert& alert) {
    return alert.is_note && std::ranges::find(alert.rules, rule) != alert.rules.end();
  });
}

void write_unknown_rules(std::ostream& out, const PatientReport& report, const Rulebook& rulebook, TextStyle style) {
  std::vector<std::pair<std::string, std::vector<const UnknownRule*>>> groups;
  for (const auto& unknown : report.unknown()) {
    if (!style.explain && has_note(report, unknown.rule)) continue;
    const auto missing = missing_data(unknown);
    auto group = std::ranges::find(groups, missing, [](const auto& g) { return g.first; });
    if (group == groups.end()) group = groups.insert(groups.end(), {missing, {}});
    group->second.push_back(&unknown);
  }
  for (const auto& [missing, rules] : groups) write_unknown(out, missing, rules, rulebook, style);
}

}  // namespace

std::string one_line(std::string_view text, size_t limit) {
  std::string line;
  size_t code_points = 0;
  bool space = false;
  for (const char c : text) {
    if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
      space = !line.empty();
      continue;
    }
    const bool is_start = (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    if (is_start && code_points + (space ? 1 : 0) >= limit) return line + "…";
    if (space) line += ' ';
    code_points += (is_start ? 1u : 0u) + (space ? 1u : 0u);
    space = false;
    line += c;
  }
  return line;
}

std::string join(std::span<const std::string> words, std::string_view separator) {
  std::string joined;
  for (const auto& word : words) {
    if (&word != &words.front()) joined += separator;
    joined += word;
  }
  return joined;
}

void write_explanation(std::ostream& out, std::span<const Explanation> explanation, size_t indent, TextStyle style) {
  for (const auto& node : explanation) {
    out << std::string(indent, ' ') << one_line(node.text, kExplanationWidth) << " = "
        << paint(one_line(node.value, kExplanationWidth), Paint::kBold, style.colour);
    if (node.undetermined) out << " (undetermined)";
    if (!node.facts.empty()) out << paint("  " + join(node.facts, ", "), Paint::kDim, style.colour);
    out << '\n';
    write_explanation(out, node.children, indent + 2, style);
  }
}

void write_report(std::ostream& out, const PatientReport& report, const Rulebook& rulebook, TextStyle style) {
  out << paint(report.patient(), Paint::kBold, style.colour) << "  " << report.hook() << '\n';
  for (const auto& alert : report.alerts()) write_alert(out, alert, rulebook, style);
  if (report.alerts().empty()) out << "  no alerts\n";
  for (const auto& silenced : report.silenced()) {
    out << "  " << paint("silenced:", Paint::kDim, style.colour) << ' ' << rulebook.rules()[silenced.finding.rule].name
        << ": " << one_line(silenced.finding.summary, SIZE_MAX) << " because " << silenced.finding.reason << '\n';
    if (style.explain) write_explanation(out, silenced.explanation, 6, style);
  }
  write_unknown_rules(out, report, rulebook, style);
  if (!has_general_note(report))
    for (const auto& what : report.not_checked())
      out << "  " << paint("could not check:", Paint::kCyan, style.colour) << ' ' << what << '\n';
  for (const auto& failed : report.failed())
    out << "  " << paint("failed:", Paint::kRed, style.colour) << ' ' << rulebook.rules()[failed.rule].name << ": "
        << failed.error.message << " [" << failed.error.code << "]\n";
  if (!style.explain) return;
  for (const auto& unmet : report.unmet()) {
    out << "  " << paint("not met:", Paint::kDim, style.colour) << ' ' << rulebook.rules()[unmet.rule].name << '\n';
    write_explanation(out, unmet.explanation, 6, style);
  }
}

void ReportTotals::add(const PatientReport& report) {
  ++patients;
  alerts += report.alerts().size();
  silenced += report.silenced().size();
  not_checked += report.not_checked().size();
  unknown += report.unknown().empty() && report.not_checked().empty() ? 0 : 1;
  failed += report.failed().size();
}

void write_totals(std::ostream& out, const ReportTotals& totals, TextStyle style) {
  std::string line = counted(totals.patients, "patient") + ", " + counted(totals.alerts, "alert") + ", " +
                     std::to_string(totals.silenced) + " silenced, " + counted(totals.unknown, "patient") +
                     " not fully checked";
  if (totals.not_checked > 0)
    line += " (" + counted(totals.not_checked, "datum", "data") + " not obtained or not recognised)";
  if (totals.failed > 0) line += ", " + counted(totals.failed, "rule") + " failed";
  out << '\n' << paint(line, Paint::kDim, style.colour) << '\n';
}

void write_failed_test(std::ostream& out, const TestResult& test, const SourceSet& sources, TextStyle style) {
  out << paint("FAILED", Paint::kRed, style.colour) << ' ';
  if (!test.library.empty()) out << test.library << " · ";
  out << test.name << '\n';
  if (const auto place = sources.place(test.span); !place.empty()) out << "  --> " << place << '\n';
  for (const auto& failure : test.failures) out << "  " << failure << '\n';
  write_explanation(out, test.explanation, 4, style);
}

void write_requirements(std::ostream& out, std::span<const Requirement> requirements) {
  for (const auto& requirement : requirements) {
    out << (requirement.only_ordered ? "ordered " : "") << requirement.resource_type;
    if (!requirement.code_path.empty()) {
      std::vector<std::string> filters = requirement.value_sets;
      filters.insert(filters.end(), requirement.codes.begin(), requirement.codes.end());
      out << " where " << requirement.code_path << " in " << join(filters, ", ");
    }
    out << '\n';
    for (const auto& path : requirement.paths) out << "  " << path << '\n';
  }
}

}  // namespace vigil::cli
