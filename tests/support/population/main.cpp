// SPDX-License-Identifier: Apache-2.0
// vigil-generate-population: invented patients as FHIR bulk NDJSON.
#include <CLI/CLI.hpp>
#include <iostream>

#include "support/population/population.h"

int main(int argument_count, char** arguments) {
  CLI::App program{"Writes invented patients as FHIR R4 bulk NDJSON. The same numbers give the same patients."};
  vigil::population::Options options;
  program.add_option("--patients", options.patients, "How many")->capture_default_str();
  program.add_option("--seed", options.seed, "Another seed, other patients")->capture_default_str();
  program.add_option("--out", options.folder, "The folder for the files")->required();
  CLI11_PARSE(program, argument_count, arguments);
  std::string problem;
  const uint64_t bytes = vigil::population::generate(options, {}, problem);
  if (!problem.empty()) {
    std::cerr << "vigil-generate-population: " << problem << '\n';
    return 3;
  }
  std::cout << options.patients << " patients, " << bytes / 1'000'000 << " MB in " << options.folder << '\n';
  return 0;
}
