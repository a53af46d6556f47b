// SPDX-License-Identifier: Apache-2.0
// From a release to tables: names and routes, ingredients, strengths, NDC.
#include "knowledge/import_rxnorm.h"

#include <algorithm>
#include <array>
#include <exception>
#include <optional>
#include <vector>

#include "knowledge/knowledge_sources.h"
#include "knowledge/knowledge_writer.h"
#include "knowledge/ndc_code.h"
#include "knowledge/rrf_reader.h"
#include "knowledge/rxnorm_release.h"

namespace vigil {

namespace {

namespace fs = std::filesystem;

/// The first word that a dose form's name holds says its route.
struct FormRoute {
  std::string_view word;
  std::string_view route;
};
constexpr FormRoute kRoutes[] = {
    {"Ophthalmic", "ophthalmic"},
    {"Otic", "otic"},
    {"Nasal", "nasal"},
    {"Vaginal", "vaginal"},
    {"Rectal", "rectal"},
    {"Enema", "rectal"},
    {"Intrauterine", "intrauterine"},
    {"Inhal", "inhaled"},
    {"Transdermal", "transdermal"},
    {"Implant", "implant"},
    {"Topical", "topical"},
    {"Medicated", "topical"},
    {"Shampoo", "topical"},
    {"Soap", "topical"},
    {"Sublingual", "sublingual"},
    {"Buccal", "buccal"},
    {"Inject", "parenteral"},
    {"Syringe", "parenteral"},
    {"Cartridge", "parenteral"},
    {"Intravenous", "parenteral"},
    {"Oral", "oral"},
    {"Chewable", "oral"},
    {"Lozenge", "oral"},
    {"Chewing Gum", "oral"},
};

std::string_view route_of(std::string_view form) {
  for (const auto& [word, route] : kRoutes)
    if (form.find(word) != std::string_view::npos) return route;
  return {};
}

/// "325 MG" or "2 MG/ML" at the end of a component's name.
struct Strength {
  std::string_view amount;
  std::string_view unit;
  std::string_view per;
};

std::optional<Strength> strength_of(std::string_view name) {
  static constexpr std::array<std::array<std::string_view, 2>, 4> kUnits = {
      {{"MG", "mg"}, {"UNT", "[iU]"}, {"MEQ", "meq"}, {"MMOL", "mmol"}}};
  static constexpr std::array<std::array<std::string_view, 2>, 4> kPer = {
      {{"", "1"}, {"ML", "mL"}, {"HR", "h"}, {"ACTUAT", "actuation"}}};
  const size_t unit_at = name.rfind(' ');
  if (unit_at == std::string_view::npos || unit_at == 0) return std::nullopt;
  const size_t number_at = name.rfind(' ', unit_at - 1);
  if (number_at == std::string_view::npos) return std::nullopt;
  Strength result{name.substr(number_at + 1, unit_at - number_at - 1), {}, {}};
  if (result.amount.find_first_not_of("0123456789.") != std::string_view::npos) return std::nullopt;
  const std::string_view unit = name.substr(unit_at + 1);
  const size_t slash = unit.find('/');
  const std::string_view below = slash == std::string_view::npos ? std::string_view{} : unit.substr(slash + 1);
  for (const auto& [written, named] : kUnits)
    if (unit.substr(0, slash) == written) result.unit = named;
  for (const auto& [written, named] : kPer)
    if (below == written) result.per = named;
  if (result.unit.empty() || result.per.empty()) return std::nullopt;
  return result;
}

TableDraft draft(std::string name, TableRole role, std::string file, const std::string& version) {
  TableDraft table;
  table.source.name = std::move(name);
  table.source.role = role;
  table.source.file = std::move(file);
  table.source.provenance = {
      "U.S. National Library of Medicine, RxNorm, SAB=RXNORM", version,
      "RxNorm names and codes of SAB=RXNORM: no licence needed; the library does not endorse this", ""};
  return table;
}

class Importer {
 public:
  Importer(const std::string& version, DiagnosticSink& sink) : version_(version), sink_(sink) {
    drugs_.add_column("rxcui", ColumnType::kCode, kDefaultCodeSystem);
    for (const char* const name : {"name", "tty", "route", "status"}) drugs_.add_column(name);
    for (TableDraft* const table : {&ingredients_, &strengths_}) {
      table->add_column("drug", ColumnType::kCode, kDefaultCodeSystem);
      table->add_column("ingredient", ColumnType::kCode, kDefaultCodeSystem);
    }
    strengths_.add_column("amount", ColumnType::kDecimal);
    for (const char* const name : {"unit", "per"}) strengths_.add_column(name);
    ndc_.add_column("code", ColumnType::kCode, kNdcSystem);
    ndc_.add_column("same", ColumnType::kCode, kDefaultCodeSystem);
  }

  /// RXNCONSO and RXNREL. False where one cannot be read.
  bool read(const fs::path& folder, const std::function<void(std::string_view)>& progress) {
    progress("RXNCONSO.RRF");
    const auto names = read_text_file(folder / "RXNCONSO.RRF", sink_, kImportFileLimit);
    if (!names) return false;
    result_.broken_lines += release_.read_concepts(*names, sink_);
    progress("RXNREL.RRF");
    const auto relations = read_text_file(folder / "RXNREL.RRF", sink_, kImportFileLimit);
    if (!relations) return false;
    result_.broken_lines += release_.read_relations(*relations, sink_);
    return true;
  }

  void make_tables() {
    for (const RxnormConcept& each : release_.concepts()) {
      if (each.type == TermType::kDF) continue;
      const std::string rxcui = std::to_string(each.rxcui);
      std::string_view route;
      for (const auto form : release_.dose_forms(each)) route = route.empty() ? route_of(form) : route;
      drugs_.add_row({rxcui, each.name, term_type_name(each.type), route, each.is_active ? "active" : "obsolete"});
      ++result_.concepts;
      const auto ingredients = release_.ingredients(each);
      if (ingredients.empty()) ++result_.without_ingredient;
      for (const uint32_t one : ingredients) {
        ingredients_.add_row({rxcui, std::to_string(one)});
        ++result_.ingredient_rows;
      }
      add_strengths(each, rxcui);
    }
  }

  /// NDC of RxNorm's own, each in the forms it is written in, with the product it means.
  void read_ndc(const TextFile& file) {
    enum Column { kRxcui = 0, kName = 8, kSource = 9, kValue = 10, kSuppress = 11, kColumns = 13 };
    RrfReader row(file, kColumns, sink_);
    std::vector<std::pair<std::string_view, uint32_t>> found;
    while (row.next()) {
      uint32_t rxcui = 0;
      if (row[kName] == "NDC" && row[kSource] == "RXNORM" && row[kSuppress] == "N" && parse_rxcui(row[kRxcui], rxcui))
        found.emplace_back(row[kValue], rxcui);
    }
    result_.broken_lines += row.broken();
    std::ranges::sort(found);
    found.erase(std::unique(found.begin(), found.end()), found.end());
    for (const auto& [ndc, rxcui] : found) {
      if (release_.find(rxcui) == nullptr) continue;
      for (const auto& form : ndc_forms(normal_ndc(ndc).value_or(std::string(ndc)))) {
        ndc_.add_row({form, std::to_string(rxcui)});
        ++result_.ndc_rows;
      }
    }
  }

  RxnormImport write(const fs::path& out) {
    result_.done =
        write_knowledge(out, "RxNorm " + version_, version_, {drugs_, ingredients_, strengths_, ndc_}, {}, sink_);
    return result_;
  }

 private:
  /// Of products only; a pack has a component twice where two of its parts do.
  void add_strengths(const RxnormConcept& drug, const std::string& rxcui) {
    if (drug.type != TermType::kSCD && drug.type != TermType::kSBD && drug.type != TermType::kSCDC) return;
    std::vector<uint32_t> seen;
    std::vector<std::pair<uint32_t, Strength>> rows;
    for (const RxnormConcept* part : release_.components(drug)) {
      const auto strength = strength_of(part->name);
      const auto of = release_.ingredients(*part);
      if (!strength || of.size() != 1 || std::ranges::find(seen, of.front()) != seen.end()) return;
      seen.push_back(of.front());
      rows.emplace_back(of.front(), *strength);
    }
    for (const auto& [ingredient, strength] : rows) {
      strengths_.add_row({rxcui, std::to_string(ingredient), strength.amount, strength.unit, strength.per});
      ++result_.strength_rows;
    }
  }

  const std::string version_;
  DiagnosticSink& sink_;
  RxnormRelease release_;
  RxnormImport result_;
  TableDraft drugs_ = draft("Drugs", TableRole::kDrug, "drugs.csv", version_);
  TableDraft ingredients_ = draft("Ingredients", TableRole::kIngredient, "ingredients.csv", version_);
  TableDraft strengths_ = draft("Strengths", TableRole::kNone, "strengths.csv", version_);
  TableDraft ndc_ = draft("NDC", TableRole::kCrosswalk, "ndc.csv", version_);
};

}  // namespace

RxnormImport import_rxnorm(const fs::path& release, const fs::path& out, const std::string& version,
                           const std::function<void(std::string_view)>& progress, DiagnosticSink& sink) {
  try {
    std::error_code ignored;
    const fs::path folder = fs::exists(release / "rrf" / "RXNCONSO.RRF", ignored) ? release / "rrf" : release;
    Importer importer(version, sink);
    if (!importer.read(folder, progress)) return {};
    importer.make_tables();
    if (fs::exists(folder / "RXNSAT.RRF", ignored)) {
      progress("RXNSAT.RRF");
      if (const auto file = read_text_file(folder / "RXNSAT.RRF", sink, kImportFileLimit)) importer.read_ndc(*file);
    }
    progress("tables");
    return importer.write(out);
  } catch (const std::exception& failure) {  // memory, file names
    report_unreadable(release, failure.what(), sink);
    return {};
  }
}

}  // namespace vigil
