// SPDX-License-Identifier: Apache-2.0
// `vigil kb build`: a knowledge base as one file.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <ostream>

#include "cli/command_kb.h"
#include "cli/write_whole.h"
#include "knowledge/check_knowledge.h"
#include "knowledge/packed_knowledge.h"

namespace vigil::cli {
namespace {

constexpr const char* kFooter = R"(Examples:
  vigil kb build knowledge-base --out starter.vkb
  vigil check rules --knowledge starter.vkb

The same knowledge base gives the same bytes. Exits with 2, and writes nothing, where the knowledge base has errors.
)";

class KbBuildCommand : public Command {
 public:
  explicit KbBuildCommand(CLI::App& app) : Command(app) {
    app.footer(kFooter);
    app.add_option("knowledge", path_, "Knowledge base")->type_name("DIR")->required();
    app.add_option("--out", out_, "File to write")->type_name("FILE")->required();
  }

  int run(const Console& console) override {
    DiagnosticSink sink;
    const auto inventory = read_knowledge_base(path_, sink);
    if (inventory) check_knowledge(*inventory, sink);
    report(console, sink);
    if (!inventory || sink.has_errors()) return kWrongUse;
    const auto bytes = pack_knowledge(*inventory);
    if (!write_whole(out_, bytes)) return wrong_use(console, "cannot write `" + out_ + "`");
    console.out << out_ << ": " << inventory->knowledge->concept_count() << " codes, " << bytes.size() << " bytes\n";
    return kClean;
  }

 private:
  std::string path_;
  std::string out_;
};

}  // namespace

std::unique_ptr<Command> make_kb_build_command(CLI::App& kb) {
  return std::make_unique<KbBuildCommand>(*kb.add_subcommand("build", "Write a knowledge base as one file"));
}

}  // namespace vigil::cli
