// SPDX-License-Identifier: Apache-2.0
// From a rulebook to pages.
#include "cli/rule_pages.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "cli/console.h"
#include "cli/html.h"

namespace vigil::cli {
namespace {

/// The source attributes of 45 CFR 170.315(b)(11)(iv)(A), as `evidence` names them, and the element of the patient that
/// shows whether a rule uses them; empty where no element does.
struct SourceAttribute {
  std::string_view name;
  std::string_view label;
  std::string_view path;
};
constexpr std::array<SourceAttribute, 13> kSourceAttributes = {{
    {"cite", "Bibliographic citation", ""},
    {"developer", "Developer", ""},
    {"funding", "Funding", ""},
    {"released", "Released or revised", ""},
    {"race", "Uses race", "extension"},
    {"ethnicity", "Uses ethnicity", "extension"},
    {"language", "Uses language", "communication"},
    {"orientation", "Uses sexual orientation", "extension"},
    {"gender", "Uses gender identity", "extension"},
    {"sex", "Uses sex", "gender"},
    {"birthdate", "Uses date of birth", "birthDate"},
    {"sdoh", "Uses social determinants of health", ""},
    {"health", "Uses health status assessments", ""},
}};

std::string file_of(std::string_view name) {
  std::string file;
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (plain) {
      file += c;
    } else if (c >= 'A' && c <= 'Z') {
      file += static_cast<char>(c - 'A' + 'a');
    } else if (!file.empty() && file.back() != '-') {
      file += '-';
    }
  }
  while (file.ends_with('-')) file.pop_back();
  return file + ".html";
}

std::string link(const std::string& file, std::string_view text) {
  return "<a href=\"" + file + "\">" + escape_html(text) + "</a>";
}

/// The text in single quotes behind a clause's word, of each line that begins with it; `\'` stands for a quote.
std::vector<std::string> quoted_behind(std::string_view source, std::string_view word) {
  std::vector<std::string> found;
  for (size_t at = source.find(word); at != std::string_view::npos; at = source.find(word, at + 1)) {
    const bool is_word = at > 0 && (source[at - 1] == ' ' || source[at - 1] == '\n');
    const size_t quote = source.find_first_not_of(' ', at + word.size());
    if (!is_word || quote == std::string_view::npos || quote == at + word.size() || source[quote] != '\'') continue;
    std::string text;
    for (size_t i = quote + 1; i < source.size() && source[i] != '\''; ++i) {
      if (source[i] == '\\' && i + 1 < source.size()) ++i;
      text += source[i];
    }
    found.push_back(std::move(text));
  }
  return found;
}

/// The declaration whose name stands at `at`: from its line to the next line that begins in the first column.
std::string_view declaration_at(std::string_view source, size_t at) {
  const size_t before = source.rfind('\n', at);
  const size_t begin = before == std::string_view::npos ? 0 : before + 1;
  size_t end = source.find('\n', at);
  while (end != std::string_view::npos && end + 1 < source.size() &&
         (source[end + 1] == ' ' || source[end + 1] == '\n'))
    end = source.find('\n', end + 1);
  auto text = source.substr(begin, end == std::string_view::npos ? end : end - begin);
  while (text.ends_with('\n')) text.remove_suffix(1);
  return text;
}

/// The tests of a library's text that expect something of the rule.
std::vector<std::string> tests_of(std::string_view source, const std::string& rule) {
  std::vector<std::string> names;
  constexpr std::string_view kBegin = "\ntest \"";
  for (size_t at = source.find(kBegin); at != std::string_view::npos;) {
    const size_t next = source.find(kBegin, at + 1);
    const auto block =
        source.substr(at + kBegin.size(), next == std::string_view::npos ? next : next - at - kBegin.size());
    if (block.find("expect \"" + rule + "\"") != std::string_view::npos)
      names.emplace_back(block.substr(0, block.find('"')));
    at = next;
  }
  return names;
}

std::string list(const std::vector<std::string>& items) {
  std::string html;
  for (const auto& each : items) html += "<li>" + escape_html(each) + "</li>\n";
  return html.empty() ? html : "<ul>\n" + html + "</ul>\n";
}

/// Rules by what they are about, for the index: heading → term → links.
using Index = std::map<std::string, std::map<std::string, std::vector<std::string>>>;

class PageMaker {
 public:
  explicit PageMaker(const Rulebook& rulebook) : rulebook_(rulebook), knowledge_(rulebook.knowledge()) {}

  std::vector<RulePage> make() {
    std::vector<RulePage> pages;
    std::set<std::string> taken = {"index.html"};
    for (const RuleInfo& rule : rulebook_.rules()) {
      std::string file = file_of(rule.name);
      for (int i = 2; !taken.insert(file).second; ++i) file = std::to_string(i) + "-" + file_of(rule.name);
      add_to_index(rule, link(file, rule.name));
      pages.push_back({file, html_page(rule.name, body_of(rule))});
    }
    pages.push_back({"index.html", html_page("Rules", index_body())});
    return pages;
  }

 private:
  std::vector<Requirement> requirements(const RuleInfo& rule) const {
    return rulebook_.requirements_of(rule.name).value_or(std::vector<Requirement>{});
  }

  std::string body_of(const RuleInfo& rule) const {
    const auto& source = rulebook_.sources()[rule.span.source];
    const auto text = declaration_at(source.text(), rule.span.begin);
    std::string html = "<p class=\"quiet\">" + link("index.html", "All rules") + " · " + escape_html(rule.library) +
                       " " + escape_html(rule.library_version) + "</p>\n<h1>" + escape_html(rule.name) + "</h1>\n";
    html += "<p>" + escape_html(rule.category) + (rule.shadow ? " · in shadow: evaluated, never shown" : "") + "</p>\n";
    section(html, "What it says", said(text));
    section(html, "When it runs", list(rule.hooks));
    section(html, "What changes its tier or silences it", list(quoted_behind(text, "because")));
    section(html, "Why", stated(rule, {"rationale", "purpose", "population"}) + list(rule.cites));
    section(html, "Source attributes", source_attributes(rule));
    section(html, "What it reads of the record", reads(rule));
    section(html, "Value sets", value_sets(rule));
    section(html, "Tests", list(tests_of(source.text(), rule.name)));
    section(html, "The rule", "<pre>" + escape_html(text) + "</pre>\n");
    return html;
  }

  static void section(std::string& html, std::string_view heading, const std::string& content) {
    if (!content.empty()) html.append("<h2>").append(heading).append("</h2>\n").append(content);
  }

  static std::string said(std::string_view text) {
    std::string html;
    for (const auto& each : quoted_behind(text, "alert"))
      html += "<blockquote><p><strong>" + escape_html(each) + "</strong></p>\n";
    if (html.empty()) return html;
    for (const auto& each : quoted_behind(text, "detail")) html += "<p>" + escape_html(each) + "</p>\n";
    html += "</blockquote>\n";
    for (const auto& each : quoted_behind(text, "if unknown note"))
      html += "<p>Where data is missing, it notes: " + escape_html(each) + "</p>\n";
    for (const auto& each : quoted_behind(text, "if unknown alert"))
      html += "<p>Where data is missing, it alerts: " + escape_html(each) + "</p>\n";
    return html;
  }

  static std::string stated(const RuleInfo& rule, std::initializer_list<std::string_view> attributes) {
    std::string html;
    for (const EvidenceItem& each : rule.evidence)
      if (std::ranges::find(attributes, each.attribute) != attributes.end())
        html += "<p>" + escape_html(each.value) + "</p>\n";
    return html;
  }

  std::string source_attributes(const RuleInfo& rule) const {
    const auto needed = requirements(rule);
    const auto reads_of_patient = [&](std::string_view path) {
      return std::ranges::any_of(needed, [&](const Requirement& each) {
        return each.resource_type == "Patient" && std::ranges::any_of(each.paths, [&](const std::string& p) {
                 return p == path || p.starts_with(std::string(path) + ".");
               });
      });
    };
    std::vector<std::vector<std::string>> rows = {{"attribute", "stated", "computed from what the rule reads"}};
    for (const auto& [name, label, path] : kSourceAttributes) {
      std::string value;
      for (const EvidenceItem& each : rule.evidence)
        if (each.attribute == name || (name == "released" && each.attribute == "revised"))
          value += (value.empty() ? "" : "<br>") + escape_html(each.value);
      if (name == "cite")
        for (const auto& each : rule.cites) value += (value.empty() ? "" : "<br>") + escape_html(each);
      std::string computed;
      if (!path.empty())
        computed = !reads_of_patient(path) ? "no" : path == "extension" ? "reads extensions: perhaps" : "yes";
      rows.push_back({std::string(label), value, computed});
    }
    return html_table(rows);
  }

  std::string reads(const RuleInfo& rule) const {
    std::vector<std::vector<std::string>> rows = {{"resource", "elements"}};
    std::map<std::string, std::set<std::string>> paths;
    for (const Requirement& each : requirements(rule))
      paths[each.resource_type].insert(each.paths.begin(), each.paths.end());
    for (const auto& [type, elements] : paths) {
      std::string text;
      for (const auto& each : elements) text += (text.empty() ? "" : ", ") + escape_html(each);
      rows.push_back({escape_html(type), text});
    }
    return html_table(rows);
  }

  std::set<std::string> value_set_urls(const RuleInfo& rule) const {
    std::set<std::string> urls;
    for (const Requirement& each : requirements(rule)) urls.insert(each.value_sets.begin(), each.value_sets.end());
    return urls;
  }

  std::string value_sets(const RuleInfo& rule) const {
    std::vector<std::vector<std::string>> rows = {{"value set", "codes", "URL"}};
    for (const auto& url : value_set_urls(rule)) {
      const auto index = knowledge_.find_value_set(url);
      rows.push_back({index ? escape_html(knowledge_.value_set(*index).name) : "not in the knowledge base",
                      index ? std::to_string(knowledge_.members(*index).size()) : "", escape_html(url)});
    }
    return html_table(rows);
  }

  std::string name_of(ConceptId id) const {
    const auto info = knowledge_.concept_info(id);
    return std::string(info.display.empty() ? info.code : info.display);
  }

  void add_to_index(const RuleInfo& rule, const std::string& linked) {
    index_["By category"][rule.category].push_back(linked);
    for (const auto& hook : rule.hooks) index_["By hook"][hook].push_back(linked);
    std::set<ConceptId> ingredients, classes;
    for (const auto& url : value_set_urls(rule))
      if (const auto index = knowledge_.find_value_set(url))
        for (const ConceptId member : knowledge_.members(*index))
          for (const ConceptId ingredient : knowledge_.related(Relation::kIngredient, member))
            ingredients.insert(ingredient);
    for (const ConceptId each : ingredients) {
      index_["By drug"][name_of(each)].push_back(linked);
      for (const ConceptId drug_class : knowledge_.related(Relation::kDrugClass, each)) classes.insert(drug_class);
    }
    for (const ConceptId each : classes) index_["By drug class"][name_of(each)].push_back(linked);
  }

  std::string index_body() const {
    std::string html = "<h1>Rules</h1>\n<p>" + counted(rulebook_.rules().size(), "rule") +
                       ". By drug and class are listed those that name drugs by value set; rules over tables of "
                       "the knowledge base concern any drug of the table.</p>\n";
    for (const char* const heading : {"By category", "By hook", "By drug class", "By drug"}) {
      const auto at = index_.find(heading);
      if (at == index_.end()) continue;
      std::vector<std::vector<std::string>> rows = {{"", "rules"}};
      for (const auto& [term, links] : at->second) {
        std::string text;
        for (const auto& each : links) text += (text.empty() ? "" : "<br>") + each;
        rows.push_back({escape_html(term), text});
      }
      section(html, heading, html_table(rows));
    }
    return html;
  }

  const Rulebook& rulebook_;
  const KnowledgeBase& knowledge_;
  Index index_;
};

}  // namespace

std::vector<RulePage> make_rule_pages(const Rulebook& rulebook) { return PageMaker(rulebook).make(); }

}  // namespace vigil::cli
