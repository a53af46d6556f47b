// SPDX-License-Identifier: Apache-2.0
// `vigil pack keygen` and `vigil pack sign`.
#include <CLI/CLI.hpp>
#include <fstream>
#include <iterator>
#include <ostream>

#include "cli/command_pack.h"

namespace vigil::cli {
namespace {

constexpr const char* kKeygenFooter = R"(Examples:
  vigil pack keygen --out release.pem

Writes release.pem, which signs and which only its owner can read, and release.pub.pem, which others trust. Keep the first
where no service runs: off line, or in a vault. openssl genpkey -algorithm ed25519 makes such keys too.
)";

constexpr const char* kSignFooter = R"(Examples:
  vigil pack sign allergy.vigilpack --key release.pem

The signature is over the manifest, which names the digest of every file; it is added to the file, beside those of others.
Read what you sign: vigil pack show FILE, vigil pack verify FILE.
)";

class PackKeygenCommand : public Command {
 public:
  explicit PackKeygenCommand(CLI::App& app) : Command(app) {
    app.footer(kKeygenFooter);
    app.add_option("--out", out_, "File of the key that signs; the public one stands beside it")
        ->type_name("KEY.pem")
        ->required();
  }

  int run(const Console& console) override {
    std::filesystem::path public_path = out_;
    public_path.replace_extension(".pub.pem");
    std::error_code error;
    for (const auto& path : {std::filesystem::path(out_), public_path})
      if (std::filesystem::exists(path, error))
        return wrong_use(console, "`" + path.string() + "` is there already", "a key is never overwritten");
    const auto key = SigningKey::generate();
    if (!key) return wrong_use(console, "this machine gives no randomness");
    if (!write_whole(out_, key->to_pem(), /*only_owner_reads=*/true) ||
        !write_whole(public_path, key->public_key().to_pem()))
      return wrong_use(console, "cannot write `" + out_ + "`");
    console.out << out_ << ", " << public_path.string() << ": key " << key->public_key().id() << '\n';
    return kClean;
  }

 private:
  std::string out_;
};

class PackSignCommand : public Command {
 public:
  explicit PackSignCommand(CLI::App& app) : Command(app) {
    app.footer(kSignFooter);
    app.add_option("file", file_, "Rule pack")->type_name("FILE")->required();
    app.add_option("--key", key_, "Ed25519 key that signs, as PEM")->type_name("KEY.pem")->required();
  }

  int run(const Console& console) override {
    DiagnosticSink sink;
    auto pack = read_pack(file_, sink);
    const auto key = read_key(sink);
    report(console, sink);
    if (!pack || !key) return kWrongUse;
    if (!sign_pack(*pack, *key) || !write_whole(file_, pack->to_bytes()))
      return wrong_use(console, "cannot write `" + file_ + "`");
    console.out << file_ << ": " << pack->manifest.name << ' ' << pack->manifest.version << " signed by key "
                << key->public_key().id() << "\ndigest " << pack->digest() << '\n';
    return kClean;
  }

 private:
  std::optional<SigningKey> read_key(DiagnosticSink& sink) const {
    std::ifstream stream(key_, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    auto key = stream ? SigningKey::read(text) : std::nullopt;
    if (!key)
      sink.add(data_diagnostic(
                   "VGL1244", key_,
                   {key_, stream ? "it holds no Ed25519 private key as PEM, without passphrase" : "it cannot be read"})
                   .with_hint("vigil pack keygen makes one; so does openssl genpkey -algorithm ed25519"));
    return key;
  }

  std::string file_;
  std::string key_;
};

}  // namespace

std::unique_ptr<Command> make_pack_keygen_command(CLI::App& pack) {
  return std::make_unique<PackKeygenCommand>(*pack.add_subcommand("keygen", "Make a key to sign packs with"));
}

std::unique_ptr<Command> make_pack_sign_command(CLI::App& pack) {
  return std::make_unique<PackSignCommand>(*pack.add_subcommand("sign", "Sign a rule pack"));
}

}  // namespace vigil::cli
