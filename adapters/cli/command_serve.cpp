// SPDX-License-Identifier: Apache-2.0
// `vigil serve`: the CDS Hooks service.
#include <CLI/CLI.hpp>
#include <ostream>
#include <stdexcept>

#include "cds-hooks/protocol/override_reasons.h"
#include "cds-hooks/service/service_host.h"
#include "cli/command.h"
#include "cli/find_files.h"
#include "cli/load_rules.h"

namespace vigil::cli {
namespace {

constexpr const char* kFooter = R"(Examples:
  vigil serve                                       the shipped rules on http://127.0.0.1:8080
  vigil serve --rules my-rules --listen 127.0.0.1:9000
  vigil serve --config vigil.toml                   everything else: TLS, who may call, limits, several packs
  curl http://127.0.0.1:8080/cds-services           what is offered
  kill -HUP PID                                     reads rules and knowledge again

Ends at SIGTERM, when the requests under way are answered.
)";

class ServeCommand : public Command {
 public:
  explicit ServeCommand(CLI::App& app) : Command(app) {
    app.footer(kFooter);
    app.add_option("--rules", rules_, "Rule files, and folders of *.vigil and *.cql (default: the shipped rules)")
        ->type_name("RULES");
    app.add_option("--listen", listen_, "Address and port; port 0 takes a free one (default: 127.0.0.1:8080)")
        ->type_name("ADDRESS:PORT");
    add_knowledge_options(app, knowledge_);
  }

  int run(const Console& console) override {
    hooks::ServiceHost::block_signals();
    hooks::HostOptions options;
    if (!read_listen(options.http)) return wrong_use(console, "`" + listen_ + "` is no address and port");
    const auto set = load(console);
    if (set == nullptr) return kWrongUse;
    hooks::ServiceLog log({});
    try {
      hooks::ServiceHost host(
          options, {set}, [&] { return load(console); }, log);
      host.start();
      console.out << "listening on http://" << options.http.address << ':' << host.port() << "/cds-services\n"
                  << std::flush;
      host.run_until_signal();
    } catch (const std::runtime_error& error) {
      return wrong_use(console, error.what());
    }
    return kClean;
  }

 private:
  bool read_listen(hooks::HttpOptions& http) const {
    if (listen_.empty()) return true;
    const size_t colon = listen_.rfind(':');
    if (colon == std::string::npos) return false;
    http.address = listen_.substr(0, colon);
    if (http.address.starts_with('[') && http.address.ends_with(']'))
      http.address = http.address.substr(1, http.address.size() - 2);
    try {
      const int port = std::stoi(listen_.substr(colon + 1));
      if (port < 0 || port > 65535) return false;
      http.port = static_cast<uint16_t>(port);
    } catch (const std::exception&) {
      return false;
    }
    return true;
  }

  std::shared_ptr<const hooks::ServiceSet> load(const Console& console) const {
    auto rules = rules_;
    if (rules.empty())
      if (const auto shipped = find_beside_program("rules")) rules.push_back(shipped->string());
    const auto texts = read_rule_texts(console, rules);
    if (!texts) return nullptr;
    auto compilation = load_rulebook(console, *texts, knowledge_, {});
    if (!compilation) return nullptr;
    hooks::RulePack pack;
    pack.id = "vigil";
    pack.title = "Vigil";
    pack.rulebook = std::shared_ptr<const Rulebook>(std::move(compilation->rulebook));
    hooks::ProtocolOptions protocol;
    protocol.cards.default_overrides = hooks::published_reasons(/*all_codes=*/false);
    return std::make_shared<const hooks::ServiceSet>(std::vector<hooks::RulePack>{std::move(pack)},
                                                     std::move(protocol));
  }

  std::vector<std::string> rules_;
  std::string listen_;
  KnowledgeOptions knowledge_;
};

}  // namespace

std::unique_ptr<Command> make_serve_command(CLI::App& program) {
  return std::make_unique<ServeCommand>(*program.add_subcommand("serve", "Answer CDS Hooks calls over HTTP"));
}

}  // namespace vigil::cli
