// SPDX-License-Identifier: Apache-2.0
// Tab-separated products and packages joined; links from RxNorm or CSV.
#include "knowledge/import_ndc.h"

#include <algorithm>
#include <exception>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include <vigil/source.h>

#include "knowledge/knowledge_sources.h"
#include "knowledge/knowledge_writer.h"
#include "knowledge/ndc_code.h"
#include "knowledge/row_reader.h"
#include "knowledge/rrf_reader.h"
#include "knowledge/rxnorm_release.h"

namespace vigil {

namespace {

/// Rows of a text of tabs: nothing is quoted, the first line names the columns.
class TabRows {
 public:
  TabRows(const TextFile& file, DiagnosticSink& sink) : file_(file), sink_(sink) {}

  /// False, and VGL1104, where a column is missing. `visit` is given the cells in the order of `columns`.
  template <class Visit>
  bool read(const std::vector<std::string_view>& columns, Visit visit) {
    std::vector<size_t> places;
    size_t width = 0;
    for (size_t at = 0, line = 1; at < file_.text().size(); ++line) {
      const size_t end = std::min(file_.text().find('\n', at), file_.text().size());
      auto text = file_.text().substr(at, end - at);
      at = end + 1;
      if (text.ends_with('\r')) text.remove_suffix(1);
      if (text.empty()) continue;
      const auto cells = split(text);
      if (places.empty()) {
        width = cells.size();
        if (!find(columns, cells, places)) return false;
      } else if (cells.size() != width) {
        ++broken_;
        sink_.add(data_diagnostic("VGL1103", file_.place(line),
                                  {std::to_string(line), std::to_string(cells.size()), std::to_string(width)}));
      } else {
        std::vector<std::string> wanted;
        for (const size_t place : places) wanted.push_back(to_utf8(trim(cells[place])));
        visit(wanted, line);
      }
    }
    return !places.empty();
  }
  size_t broken() const { return broken_; }

 private:
  static std::vector<std::string_view> split(std::string_view text) {
    std::vector<std::string_view> cells;
    for (size_t begin = 0;;) {
      const size_t end = text.find('\t', begin);
      cells.push_back(text.substr(begin, end == std::string_view::npos ? end : end - begin));
      if (end == std::string_view::npos) return cells;
      begin = end + 1;
    }
  }

  bool find(const std::vector<std::string_view>& columns, const std::vector<std::string_view>& header,
            std::vector<size_t>& places) {
    bool complete = true;
    for (const auto column : columns) {
      const auto at = std::ranges::find(header, column, [](std::string_view cell) { return trim(cell); });
      places.push_back(static_cast<size_t>(at - header.begin()));
      if (at != header.end()) continue;
      complete = false;
      sink_.add(data_diagnostic("VGL1104", file_.place(1), {column}));
    }
    return complete;
  }

  static std::string to_utf8(std::string_view text) {
    if (find_invalid_utf8(text) == text.size()) return std::string(text);
    std::string utf8;
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte < 0x80) {
        utf8 += c;
      } else {
        utf8 += static_cast<char>(0xC0 | byte >> 6);
        utf8 += static_cast<char>(0x80 | (byte & 0x3F));
      }
    }
    return utf8;
  }

  const TextFile& file_;
  DiagnosticSink& sink_;
  size_t broken_ = 0;
};

class NdcImporter {
 public:
  NdcImporter(const NdcSources& sources, DiagnosticSink& sink) : sources_(sources), sink_(sink) {
    const Provenance from = {"U.S. Food and Drug Administration, National Drug Code Directory", sources.version,
                             "U.S. public domain", ""};
    packages_.source.name = "NDC directory";
    packages_.source.file = "ndc_directory.csv";
    packages_.source.provenance = from;
    packages_.add_column("ndc", ColumnType::kCode, kNdcSystem);
    for (const char* const name : {"name", "substances", "form", "route", "labeler", "package"})
      packages_.add_column(name);
    crosswalk_.source.name = "NDC";
    crosswalk_.source.role = TableRole::kCrosswalk;
    crosswalk_.source.file = "ndc.csv";
    crosswalk_.add_column("code", ColumnType::kCode, kNdcSystem);
    crosswalk_.add_column("same", ColumnType::kCode, kDefaultCodeSystem);
  }

  NdcImport import(const std::filesystem::path& out, const std::function<void(std::string_view)>& progress) {
    if (!sources_.links.empty()) {
      progress(sources_.links.filename().generic_string());
      if (!read_links()) return {};
    }
    progress("product.txt");
    if (!read_products()) return {};
    progress("package.txt");
    if (!read_packages()) return {};
    progress("tables");
    for (const auto& [ndc, rxcui] : links_)
      for (const auto& form : ndc_forms(ndc)) {
        crosswalk_.add_row({form, rxcui});
        ++result_.crosswalk_rows;
      }
    result_.done =
        write_knowledge(out, "NDC directory " + sources_.version, sources_.version, {packages_, crosswalk_}, {}, sink_);
    return result_;
  }

 private:
  void report(const TextFile& file, size_t line, std::string_view why) {
    ++result_.broken_lines;
    sink_.add(
        data_diagnostic("VGL1110", file.place(line), {std::to_string(line), why}).with_hint("the row is left out"));
  }

  bool read_links() {
    const auto file = read_text_file(sources_.links, sink_, kImportFileLimit);
    if (!file) return false;
    const bool is_rrf = sources_.links.extension() == ".RRF" || sources_.links.extension() == ".rrf";
    crosswalk_.source.provenance = {
        is_rrf ? "U.S. National Library of Medicine, RxNorm, RXNSAT of SAB=RXNORM" : "brought by the user", "",
        is_rrf ? "SAB=RXNORM: no licence needed; the library does not endorse this" : "as the user's source", ""};
    is_rrf ? read_rrf(*file) : read_csv(*file);
    return true;
  }

  void read_rrf(const TextFile& file) {
    enum Column { kRxcui = 0, kName = 8, kSource = 9, kValue = 10, kSuppress = 11, kColumns = 13 };
    RrfReader row(file, kColumns, sink_);
    uint32_t rxcui = 0;
    while (row.next())
      if (row[kName] == "NDC" && row[kSource] == "RXNORM" && row[kSuppress] == "N" && parse_rxcui(row[kRxcui], rxcui))
        if (const auto ndc = normal_ndc(row[kValue])) links_.emplace(*ndc, row[kRxcui]);
    result_.broken_lines += row.broken();
  }

  void read_csv(const TextFile& file) {
    const auto visit = [&](const TextRow& row) {
      uint32_t rxcui = 0;
      const auto ndc = normal_ndc(trim(row.cells[0]));
      if (!ndc)
        report(file, row.line, "`" + excerpt(row.cells[0]) + "` is no NDC of 11 digits or with hyphens");
      else if (!parse_rxcui(trim(row.cells[1]), rxcui))
        report(file, row.line, "`" + excerpt(row.cells[1]) + "` is no RXCUI");
      else
        links_.emplace(*ndc, trim(row.cells[1]));
    };
    const WantedColumn wanted[] = {{"ndc"}, {"rxcui"}};
    result_.broken_lines += read_rows(
        file, wanted, [] {}, visit, sink_);
  }

  bool read_products() {
    const auto file = read_text_file(sources_.directory / "product.txt", sink_, kImportFileLimit);
    if (!file) return false;
    TabRows rows(*file, sink_);
    const bool is_read = rows.read({"PRODUCTID", "PROPRIETARYNAME", "NONPROPRIETARYNAME", "SUBSTANCENAME",
                                    "DOSAGEFORMNAME", "ROUTENAME", "LABELERNAME"},
                                   [&](std::vector<std::string>& cells, size_t line) {
                                     if (cells[0].empty()) return report(*file, line, "it has no PRODUCTID");
                                     const std::string id = cells[0];
                                     products_[id] = std::move(cells);
                                   });
    result_.products = products_.size();
    result_.broken_lines += rows.broken();
    return is_read;
  }

  bool read_packages() {
    const auto file = read_text_file(sources_.directory / "package.txt", sink_, kImportFileLimit);
    if (!file) return false;
    TabRows rows(*file, sink_);
    const bool is_read = rows.read({"PRODUCTID", "NDCPACKAGECODE", "PACKAGEDESCRIPTION"},
                                   [&](const std::vector<std::string>& cells, size_t line) {
                                     add_package(*file, line, cells[0], cells[1], cells[2]);
                                   });
    result_.broken_lines += rows.broken();
    return is_read;
  }

  void add_package(const TextFile& file, size_t line, const std::string& product, const std::string& code,
                   const std::string& package) {
    const auto ndc = normal_ndc(code);
    if (!ndc) return report(file, line, "`" + excerpt(code) + "` is no NDC");
    const auto at = products_.find(product);
    if (at == products_.end()) return report(file, line, "product.txt has no such PRODUCTID");
    enum { kId, kName, kPlainName, kSubstances, kForm, kRoute, kLabeler };
    const auto& cells = at->second;
    packages_.add_row({code, cells[kName].empty() ? cells[kPlainName] : cells[kName], cells[kSubstances], cells[kForm],
                       cells[kRoute], cells[kLabeler], package});
    ++result_.packages;
    const auto link = links_.lower_bound({*ndc, {}});
    if (link != links_.end() && link->first == *ndc) ++result_.linked;
  }

  const NdcSources& sources_;
  DiagnosticSink& sink_;
  NdcImport result_;
  TableDraft packages_;
  TableDraft crosswalk_;
  std::set<std::pair<std::string, std::string>> links_;  ///< NDC of 11 digits, RXCUI
  std::unordered_map<std::string, std::vector<std::string>> products_;
};

}  // namespace

NdcImport import_ndc(const NdcSources& sources, const std::filesystem::path& out,
                     const std::function<void(std::string_view)>& progress, DiagnosticSink& sink) {
  try {
    return NdcImporter(sources, sink).import(out, progress);
  } catch (const std::exception& failure) {  // memory, file names
    report_unreadable(sources.directory, failure.what(), sink);
    return {};
  }
}

}  // namespace vigil
