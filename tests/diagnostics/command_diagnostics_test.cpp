// SPDX-License-Identifier: Apache-2.0
// Diagnostics of the command line that its own tests do not name: through the whole program, with small files.
#include <doctest/doctest.h>

#include <filesystem>
#include <sstream>
#include <vector>

#include "cli/console.h"
#include "cli/find_files.h"
#include "cli/program.h"
#include "support/files.h"

namespace {

using namespace vigil;

/// What the program says to standard error.
std::string said(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "vigil");
  std::vector<const char*> pointers;
  for (const auto& argument : arguments) pointers.push_back(argument.c_str());
  std::ostringstream out;
  std::ostringstream err;
  const cli::Console console{out, err};
  cli::run_program(static_cast<int>(pointers.size()), pointers.data(), console);
  return out.str() + err.str();
}

/// Files named to the program.
struct Folder : test::TemporaryFolder {
  std::string file(const std::string& name, const std::string& text) const { return write(name, text).string(); }
};

}  // namespace

TEST_CASE("VGL0005: a rule file that cannot be read") {
  const Folder folder;
  DiagnosticSink sink;
  CHECK_FALSE(cli::read_rule_text(folder.path() / "not-there.vigil", sink).has_value());
  REQUIRE(sink.all().size() == 1);
  CHECK(sink.all()[0].code == "VGL0005");
}

TEST_CASE("VGL1005 names the file beside the resource") {
  const Folder folder;
  const auto rules = folder.file("a.cql",
                                 "using FHIR version '4.0.1'\ncontext Patient\n"
                                 "define \"Codes\": [Condition] C return C.recordedDate\n");
  const auto data = folder.file("bundle.json", R"({"resourceType":"Bundle","type":"collection","entry":[
    {"resource":{"resourceType":"Patient","id":"p"}},
    {"resource":{"resourceType":"Condition","id":"c","subject":{"reference":"Patient/p"},"recordedDate":"2020-01-01"}},
    {"resource":{"resourceType":"Condition","id":"c","subject":{"reference":"Patient/p"},"recordedDate":"2021-01-01"}}]})");
  const auto text = said({"eval", rules, "--patient", data});
  INFO(text);
  CHECK(text.find("VGL1005") != std::string::npos);
  CHECK(text.find("--> " + data + ": Condition/c") != std::string::npos);
}

TEST_CASE("VGL1008: data without a patient") {
  const Folder folder;
  const auto rules =
      folder.file("a.cql", "using FHIR version '4.0.1'\ncontext Patient\ndefine \"Birth\": Patient.birthDate\n");
  const auto data = folder.file("c.json", R"({"resourceType":"Condition","id":"c"})");
  CHECK(said({"eval", rules, "--patient", data}).find("VGL1008") != std::string::npos);
}

TEST_CASE("VGL1202, VGL1203, VGL1204: what stands on the command line") {
  const Folder folder;
  const auto rules = folder.file("a.cql", "define \"A\": 1\n");
  CHECK(said({"check", folder / "none"}).find("VGL1202") != std::string::npos);
  CHECK(said({"eval", rules, "--now", "17.03.2026"}).find("VGL1203") != std::string::npos);
  CHECK(said({"explain", "VGL9999"}).find("VGL1204") != std::string::npos);
}

TEST_CASE("VGL1201: a folder without rules") {
  const Folder folder;
  CHECK(said({"check", folder.path().string()}).find("VGL1201") != std::string::npos);
}
