// SPDX-License-Identifier: Apache-2.0
// `vigil pack build`: a folder of rules as one file.
#include <CLI/CLI.hpp>
#include <ostream>

#include "cli/command_pack.h"
#include "cli/load_rules.h"
#include "packs/build_pack.h"

namespace vigil::cli {
namespace {

constexpr const char* kFooter = R"(Examples:
  vigil pack build rules/allergy --out allergy.vigilpack
  vigil pack build rules/qt --include rules --out qt.vigilpack     with the libraries of other packs that it includes
  vigil pack build rules --manifest site.json --out all.vigilpack  several areas as one pack

The folder holds rules (.vigil, .cql), their tests, value sets below value-sets/ (FHIR JSON, CSV), texts (.md, .txt), and
pack.json with name, version, authors and licence. The same folder and knowledge give the same bytes. Nothing is written
where the rules have errors or a test fails. Exits with 2 then.
)";

class PackBuildCommand : public Command {
 public:
  explicit PackBuildCommand(CLI::App& app) : Command(app) {
    app.footer(kFooter);
    app.add_option("folder", folder_, "Folder of rules")->type_name("DIR")->required();
    app.add_option("--out", out_, "File to write")->type_name("FILE")->required();
    app.add_option("--manifest", manifest_, "What people decide of the pack (default: DIR/pack.json)")
        ->type_name("FILE");
    add_include_option(app, includes_);
    add_knowledge_options(app, knowledge_);
  }

  int run(const Console& console) override {
    if (!knowledge_.tables.empty())
      return wrong_use(console, "a pack brings no tables", "put them into the knowledge base that it needs");
    BuildOptions options;
    options.folder = folder_;
    options.manifest = manifest_;
    if (!includes_.empty()) {
      auto texts = read_rule_texts(console, {folder_}, includes_);
      if (!texts) return kWrongUse;
      options.includes.assign(texts->texts.begin() + static_cast<ptrdiff_t>(texts->main_count), texts->texts.end());
    }
    DiagnosticSink sink;
    const auto built = build_pack(options, surroundings_of(knowledge_), sink);
    report(console, sink);
    report_trial(console, built.tried);
    if (!built.pack) return kWrongUse;
    const auto bytes = built.pack->to_bytes();
    if (!write_whole(out_, bytes)) return wrong_use(console, "cannot write `" + out_ + "`");
    const auto& manifest = built.pack->manifest;
    console.out << out_ << ": " << manifest.name << ' ' << manifest.version << ", "
                << counted(manifest.rules.size(), "rule") << ", " << counted(built.tried.tests.size(), "test")
                << " passed, " << bytes.size() << " bytes\ndigest " << built.pack->digest() << '\n';
    return kClean;
  }

 private:
  std::string folder_;
  std::string out_;
  std::string manifest_;
  std::vector<std::string> includes_;
  KnowledgeOptions knowledge_;
};

}  // namespace

std::unique_ptr<Command> make_pack_build_command(CLI::App& pack) {
  return std::make_unique<PackBuildCommand>(*pack.add_subcommand("build", "Write a folder of rules as one file"));
}

}  // namespace vigil::cli
