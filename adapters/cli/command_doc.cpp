// SPDX-License-Identifier: Apache-2.0
// `vigil doc`: rules as pages to read, review and print.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <ostream>

#include "cli/command.h"
#include "cli/load_rules.h"
#include "cli/rule_pages.h"

namespace vigil::cli {
namespace {

constexpr const char* kFooter = R"(Examples:
  vigil doc rules --out pages            a page a rule, and pages/index.html
)";

class DocCommand : public Command {
 public:
  explicit DocCommand(CLI::App& app) : Command(app) {
    app.footer(kFooter);
    app.add_option("rules", rules_, "Rule files, and folders of *.vigil and *.cql")->required()->type_name("RULES");
    add_include_option(app, includes_);
    app.add_option("--out", out_, "Folder to write the pages to")->required()->type_name("DIR");
    add_knowledge_options(app, knowledge_);
  }

  int run(const Console& console) override {
    const auto compilation = load_rulebook(console, rules_, includes_, knowledge_);
    if (!compilation) return kWrongUse;
    const auto pages = make_rule_pages(*compilation->rulebook);
    std::error_code error;
    std::filesystem::create_directories(out_, error);
    for (const auto& page : pages) {
      const auto path = std::filesystem::path(out_) / page.file;
      std::ofstream stream(path, std::ios::binary | std::ios::trunc);
      stream << page.html;
      stream.close();
      if (!stream.good()) return wrong_use(console, "cannot write `" + path.string() + "`");
    }
    console.out << (std::filesystem::path(out_) / "index.html").string() << ": " << counted(pages.size() - 1, "rule")
                << '\n';
    return kClean;
  }

 private:
  std::vector<std::string> rules_;
  std::vector<std::string> includes_;
  std::string out_;
  KnowledgeOptions knowledge_;
};

}  // namespace

std::unique_ptr<Command> make_doc_command(CLI::App& program) {
  return std::make_unique<DocCommand>(*program.add_subcommand("doc", "Write pages that document rules"));
}

}  // namespace vigil::cli
