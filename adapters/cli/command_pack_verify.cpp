// SPDX-License-Identifier: Apache-2.0
// `vigil pack verify` and `vigil pack show`.
#include <CLI/CLI.hpp>
#include <ostream>

#include "cli/command_pack.h"
#include "cli/write_json.h"

namespace vigil::cli {
namespace {

constexpr const char* kVerifyFooter = R"(Examples:
  vigil pack verify allergy.vigilpack --trust release.pub.pem
  vigil pack verify allergy.vigilpack --unsigned               before it is signed

In this order: the container, the digest of every file, the signature, what the pack needs of the engine and the knowledge
base, its rules, its own tests. Exits with 1 where the pack is not to be used, and says why.
)";

constexpr const char* kShowFooter = R"(Examples:
  vigil pack show allergy.vigilpack
  vigil pack show allergy.vigilpack --format json    its manifest
  tar -tvf allergy.vigilpack                         any tar lists and unpacks it

The container and digests are checked; the signature is not: that is vigil pack verify.
)";

class PackVerifyCommand : public Command {
 public:
  explicit PackVerifyCommand(CLI::App& app) : Command(app) {
    app.footer(kVerifyFooter);
    app.add_option("file", file_, "Rule pack")->type_name("FILE")->required();
    app.add_option("--trust", trust_, "Ed25519 public key, as PEM, whose signature counts; repeatable")
        ->type_name("PUB.pem")
        ->allow_extra_args(false);
    app.add_flag("--unsigned", unsigned_, "Take a pack that nobody trusted signed, too");
    app.add_flag("--exact-knowledge", exact_, "The knowledge base must be the one the pack was made with, to the byte");
    add_knowledge_options(app, knowledge_);
  }

  int run(const Console& console) override {
    if (trust_.empty() && !unsigned_)
      return wrong_use(console, "no key is trusted", "name one with --trust, or state --unsigned");
    DiagnosticSink sink;
    PackTrust trust{read_public_keys(trust_, sink), unsigned_};
    if (sink.has_errors()) {
      report(console, sink);
      return kWrongUse;
    }
    const auto pack = read_pack(file_, sink);
    const bool is_trusted = pack && check_signature(*pack, trust, sink);
    TriedPack tried;
    auto surroundings = surroundings_of(knowledge_);
    surroundings.wants_exact_knowledge = exact_;
    if (is_trusted) tried = try_pack(*pack, surroundings, sink);
    report(console, sink);
    report_trial(console, tried);
    if (!is_trusted || usable_rulebook(tried, sink) == nullptr) return kFindings;
    console.out << file_ << ": " << pack->manifest.name << ' ' << pack->manifest.version << ' ' << signer(*pack, trust)
                << "; " << counted(tried.tests.size(), "test") << " passed\n";
    return kClean;
  }

 private:
  static std::string signer(const PackFile& pack, const PackTrust& trust) {
    for (const auto& signature : pack.signatures)
      for (const auto& key : trust.keys)
        if (key.id() == signature.key) return "signed by key " + key.id();
    return "signed by nobody trusted";
  }

  std::string file_;
  std::vector<std::string> trust_;
  bool unsigned_ = false;
  bool exact_ = false;
  KnowledgeOptions knowledge_;
};

class PackShowCommand : public Command {
 public:
  explicit PackShowCommand(CLI::App& app) : Command(app) {
    app.footer(kShowFooter);
    app.add_option("file", file_, "Rule pack")->type_name("FILE")->required();
    add_format_option(app, format_, {"text", "json"});
  }

  int run(const Console& console) override {
    DiagnosticSink sink;
    const auto pack = read_pack(file_, sink);
    report(console, sink);
    if (!pack) return kFindings;
    if (format_ == "json")
      console.out << pack->manifest_text;
    else
      write(console.out, *pack);
    return kClean;
  }

 private:
  static void write(std::ostream& out, const PackFile& pack) {
    const auto& manifest = pack.manifest;
    out << manifest.name << ' ' << manifest.version << "\n  digest     " << pack.digest() << "\n  authors    ";
    for (size_t i = 0; i < manifest.authors.size(); ++i) out << (i == 0 ? "" : ", ") << manifest.authors[i];
    out << "\n  licence    " << manifest.licence << "\n  needs      language " << manifest.language << ", engine "
        << manifest.engine;
    for (const auto& feature : manifest.features) out << ", " << feature;
    if (!manifest.knowledge.name.empty())
      out << "\n  knowledge  " << manifest.knowledge.name << ' ' << manifest.knowledge.version << ", content "
          << manifest.knowledge.digest;
    for (const auto& signature : pack.signatures) out << "\n  signature  by key " << signature.key << ", not checked";
    if (pack.signatures.empty()) out << "\n  signature  none";
    out << "\nrules\n";
    for (const auto& rule : manifest.rules) {
      out << "  " << rule.library << " · " << rule.name << "  (";
      for (size_t i = 0; i < rule.hooks.size(); ++i) out << (i == 0 ? "" : ", ") << rule.hooks[i];
      out << ")\n";
    }
    out << "files\n";
    for (const auto& file : manifest.files)
      out << "  " << file.sha256.substr(0, 16) << "  " << file.path << "  " << file.size << '\n';
  }

  std::string file_;
  std::string format_;
};

}  // namespace

std::unique_ptr<Command> make_pack_verify_command(CLI::App& pack) {
  return std::make_unique<PackVerifyCommand>(
      *pack.add_subcommand("verify", "Check signature, digests, needs and tests of a rule pack"));
}

std::unique_ptr<Command> make_pack_show_command(CLI::App& pack) {
  return std::make_unique<PackShowCommand>(*pack.add_subcommand("show", "Say what a rule pack is and holds"));
}

}  // namespace vigil::cli
