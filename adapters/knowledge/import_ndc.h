// SPDX-License-Identifier: Apache-2.0
// The FDA's NDC directory to a table of packages, and NDC to RxNorm codes where the user brings the links.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include <vigil/diagnostic.h>

namespace vigil {

/// What to read. The directory itself knows no RxNorm codes: without `links` its codes resolve to nothing.
struct NdcSources {
  std::filesystem::path directory;  ///< folder with product.txt and package.txt
  std::filesystem::path links;      ///< RXNSAT.RRF, or CSV with the columns ndc and rxcui; may be empty
  std::string version;              ///< of the directory, such as 2026-11-20
};

/// What an import found and wrote.
struct NdcImport {
  bool done = false;
  size_t products = 0;
  size_t packages = 0;
  size_t linked = 0;  ///< packages whose code leads to an RxNorm code
  size_t crosswalk_rows = 0;
  size_t broken_lines = 0;
};

/// Writes a knowledge base into `out`: the packages, and as a crosswalk every link of `links` (those of packages that
/// left the directory too), each code in all the forms it is written in (ndc_code.h). Lines that are not UTF-8 are read
/// as ISO 8859-1. Broken lines are told with their number, the rest is loaded. Does not throw.
NdcImport import_ndc(const NdcSources& sources, const std::filesystem::path& out,
                     const std::function<void(std::string_view)>& progress, DiagnosticSink& sink);

}  // namespace vigil
