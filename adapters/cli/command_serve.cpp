// SPDX-License-Identifier: Apache-2.0
// `vigil serve`: the CDS Hooks service.
#include <CLI/CLI.hpp>
#include <ostream>
#include <stdexcept>

#include "cds-hooks/activation/pack_desk.h"
#include "cds-hooks/activation/shadow_runner.h"
#include "cds-hooks/config/settings.h"
#include "cli/command.h"
#include "cli/command_pack.h"
#include "cli/find_files.h"
#include "cli/load_rules.h"
#include "cli/nearest_name.h"
#include "decision-log/verify_log.h"

namespace vigil::cli {
namespace {

constexpr const char* kFooter = R"(Examples:
  vigil serve                                       the shipped rules on http://127.0.0.1:8080
  vigil serve --rules my-rules --listen 127.0.0.1:9000
  vigil serve --config vigil.toml                   everything else: TLS, who may call, limits, several packs
  vigil serve --config vigil.toml --check           are the settings and rules of use?
  curl http://127.0.0.1:8080/cds-services           what is offered
  kill -HUP PID                                     reads rules, knowledge and certificates again, opens the log file again

Ends at SIGTERM, when the requests under way are answered. docs/recipes/serve-cds-hooks.md names every setting.
)";

class ServeCommand : public Command {
 public:
  explicit ServeCommand(CLI::App& app) : Command(app) {
    app.footer(kFooter);
    app.add_option("--config", config_, "Settings, as TOML (default: the shipped rules, on loopback)")
        ->type_name("FILE");
    app.add_option("--listen", listen_, "Address and port, above those of the settings; port 0 takes a free one")
        ->type_name("ADDRESS:PORT");
    app.add_option("--rules", rules_, "Rule files, and folders of *.vigil and *.cql, in place of the settings' packs")
        ->type_name("RULES");
    app.add_flag("--check", check_, "Read settings, rules and knowledge, say what is wrong, and end");
    add_knowledge_options(app, knowledge_);
  }

  int run(const Console& console) override {
    auto settings = read(console);
    if (!settings) return kWrongUse;
    hooks::ServiceHost::block_signals();
    std::optional<hooks::ServiceLog> log;
    try {
      hooks::check_tls(settings->host.http.tls);
      const hooks::HttpClient reads_its_certificates({.ca_file = settings->ca_file});
      if (!check_) log.emplace(settings->log);
    } catch (const std::runtime_error& error) {
      return wrong_use(console, error.what());
    }
    hooks::PackDesk desk(desk_options(*settings, log ? &*log : nullptr), pack_loading(console, *settings));
    const auto set = desk.start();
    if (set == nullptr || !check_use(console, *settings, *set)) return kWrongUse;
    if (check_) {
      console.out << "settings, rules and knowledge are of use: " << counted(set->services().size(), "service") << '\n';
      return kClean;
    }
    try {
      return serve(console, *settings, set, desk, *log);
    } catch (const std::runtime_error& error) {
      return wrong_use(console, error.what());
    }
  }

 private:
  std::optional<hooks::Settings> read(const Console& console) const {
    DiagnosticSink sink;
    auto settings = std::optional(hooks::default_settings());
    if (!config_.empty()) settings = hooks::read_settings(config_, did_you_mean, sink);
    if (settings && !listen_.empty() && !hooks::read_listen(listen_, settings->host.http))
      sink.add(plain_error("`" + listen_ + "` is no address and port", "write it as 127.0.0.1:8080"));
    if (settings && !rules_.empty()) {
      settings->packs = {hooks::PackSettings{}};
      settings->packs[0].rules = rules_;
      settings->activation.folder.clear();  // what was activated before is not to win over what is asked for here
    }
    if (settings && !sink.has_errors()) hooks::complete_settings(*settings, sink);
    report(console, sink);
    return sink.has_errors() ? std::nullopt : std::move(settings);
  }

  /// A hook of [hooks] that no service answers does nothing, nor does a type of [prefetch] not_held that no rule reads.
  /// Where packs can be activated, a later one may name it, and one activated before is not to keep the service from
  /// starting: there it is a warning. Rules given in place of the settings' need not know them.
  bool check_use(const Console& console, const hooks::Settings& settings, const hooks::ServiceSet& set) const {
    DiagnosticSink sink;
    const auto tell = [&](const std::string& place, const std::string& what, const char* hint) {
      auto told = data_diagnostic("VGL1201", place, {what}).with_hint(hint);
      if (!settings.activation.folder.empty()) told.severity = Severity::kWarning;
      sink.add(std::move(told));
    };
    for (size_t i = 0; rules_.empty() && i < settings.aliases.size(); ++i) {
      const auto& alias = settings.aliases[i];
      if (!set.serves(alias))
        tell(settings.alias_places[i],
             "no service answers `" + alias.first + "` by the rules of `" + alias.second + "`",
             "name a hook that rules are on, for one that no rule of the same pack is on");
    }
    for (const auto& type : settings.protocol.prefetch.not_held)
      if (rules_.empty() && !set.reads(type))
        tell(settings.not_held_place, "`prefetch.not_held` names " + type + ", and no rule reads that",
             "name resource types of FHIR that rules read, such as MedicationStatement");
    if (set.services().empty()) tell_empty(settings, sink);
    report(console, sink);
    return !sink.has_errors();
  }

  /// Every call would be a 404, and no alert ever shown. With a place for packs and a way to bring them, it may begin
  /// so.
  static void tell_empty(const hooks::Settings& settings, DiagnosticSink& sink) {
    auto told = data_diagnostic("VGL1201", {}, {"there would be no service: no rule answers a hook"})
                    .with_hint(
                        "name rules by --rules, or a pack's `rules` or `file` in vigil.toml; or, to activate one "
                        "later, activation.folder and server.admin_socket");
    if (can_activate(settings)) told.severity = Severity::kWarning;
    sink.add(std::move(told));
  }

  static bool can_activate(const hooks::Settings& settings) {
    return !settings.activation.folder.empty() && !settings.host.admin_socket.empty();
  }

  static int serve(const Console& console, const hooks::Settings& settings,
                   const std::shared_ptr<const hooks::ServiceSet>& set, hooks::PackDesk& desk, hooks::ServiceLog& log) {
    std::string problem;
    std::optional<decision_log::DecisionLog> decisions;
    if (auto store = open_store(settings.decisions, problem)) {
      problem = decision_log::lacks_key(*store, settings.decisions.keys);
      if (!problem.empty())
        return wrong_use(console,
                         data_diagnostic("VGL1211", {}, {name_of(settings.decisions), problem})
                             .with_hint("give it in decisions.key_file, or in old_key_files beside a new one"));
      auto options = settings.decisions.options;
      options.on_change = [&log](const decision_log::LogCounts& counts) {
        log.write(counts.writable ? hooks::LogLevel::kInfo : hooks::LogLevel::kError,
                  counts.writable ? "decisions_resumed" : "decisions_stopped",
                  {{"refused", counts.refused}, {"dropped", counts.dropped}});
      };
      decisions.emplace(std::move(store), settings.decisions.keys, std::move(options));
    }
    if (!problem.empty())
      return wrong_use(console, data_diagnostic("VGL1211", {}, {name_of(settings.decisions), problem}));
    const hooks::HttpClient client({.ca_file = settings.ca_file});
    hooks::TokenAuthenticator authenticator(settings.tokens, hooks::make_key_fetcher(client));
    hooks::FhirFetcher fetcher(settings.fetch, client);
    hooks::Services services;
    services.set = set;
    if (settings.requires_tokens.value_or(false)) services.authenticator = &authenticator;
    if (!settings.fetch.servers.empty()) services.fetcher = &fetcher;
    if (decisions) {
      services.records = true;
      services.recall_waits = !settings.decisions.database.empty();
      services.recall = [&](std::string_view caller, std::string_view patient, std::string_view user) {
        return decisions->past_alerts(caller, patient, user);
      };
    }
    const auto shadow = make_shadow(settings, problem);
    if (!problem.empty())
      return wrong_use(console, "the shadow's record in " + settings.activation.folder + " cannot be used: " + problem);
    hooks::ServiceHost host(settings.host, services, {desk, log, decisions ? &*decisions : nullptr, shadow.get()});
    host.start();
    const auto& http = settings.host.http;
    const bool is_v6 = http.address.find(':') != std::string::npos;
    console.out << "listening on " << (http.tls.certificate_file.empty() ? "http" : "https") << "://"
                << (is_v6 ? "[" + http.address + "]" : http.address) << ':' << host.port() << "/cds-services\n"
                << std::flush;
    host.run_until_signal();
    return kClean;
  }

  /// What may be printed of its place: a connection string may hold a password.
  static std::string name_of(const hooks::DecisionLogSettings& wanted) {
    return wanted.database.empty() ? wanted.file : wanted.instance;
  }

  /// Null where none is wanted, and where it cannot be used: then `problem` says why.
  static std::unique_ptr<decision_log::LogStore> open_store(const hooks::DecisionLogSettings& wanted,
                                                            std::string& problem) {
    if (!wanted.database.empty())
      return decision_log::open_postgres({.connection = wanted.database,
                                          .instance = wanted.instance,
                                          .survives_power_loss = wanted.survives_power_loss},
                                         problem);
    if (wanted.file.empty()) return nullptr;
    return decision_log::open_sqlite({.file = wanted.file, .survives_power_loss = wanted.survives_power_loss}, problem);
  }

  /// Null where no pack can be activated.
  static std::unique_ptr<hooks::ShadowRunner> make_shadow(const hooks::Settings& settings, std::string& problem) {
    const auto& wanted = settings.activation;
    if (wanted.folder.empty()) return nullptr;
    auto store = hooks::ShadowStore::open(wanted.folder + "/shadow.db", wanted.keep_rows, problem);
    if (store == nullptr) return nullptr;
    return std::make_unique<hooks::ShadowRunner>(std::move(store), wanted.max_queue, settings.protocol);
  }

  static hooks::DeskOptions desk_options(const hooks::Settings& settings, hooks::ServiceLog* log) {
    hooks::DeskOptions options;
    options.packs = settings.packs;
    options.folder = settings.activation.folder;
    options.protocol = settings.protocol;
    options.protocol.engine_version = VIGIL_VERSION;
    options.aliases = settings.aliases;
    if (settings.requires_tokens.value_or(false))
      for (const auto& issuer : settings.tokens.issuers) options.issuers.push_back(issuer.issuer);
    options.only_checks = log == nullptr;
    if (log != nullptr)
      options.note = [log](const hooks::PackEvent& told) {
        const auto [event, pack, version, reason] = told;
        if (reason.empty())
          log->write(hooks::LogLevel::kInfo, event, {{"pack", pack}, {"version", version}});
        else
          log->write(hooks::LogLevel::kWarning, event, {{"pack", pack}, {"version", version}, {"reason", reason}});
      };
    return options;
  }

  hooks::PackLoading pack_loading(const Console& console, const hooks::Settings& settings) const {
    hooks::PackLoading loading;
    loading.trust = settings.activation.trust;
    loading.surroundings = surroundings_of(knowledge_);
    loading.surroundings.wants_exact_knowledge = settings.activation.wants_exact_knowledge;
    loading.load_folders = [this, &console, starts_empty = can_activate(settings)](const hooks::PackSettings& wanted) {
      return load_folders(console, wanted, starts_empty);
    };
    loading.report = [&console](std::span<const Diagnostic> diagnostics, const SourceSet& sources) {
      report(console, diagnostics, sources);
    };
    return loading;
  }

  /// The shipped rules are not where they belong. Whether the service may begin without.
  static bool tell_no_rules(const Console& console, const hooks::PackSettings& wanted, bool may_be_none) {
    auto told =
        data_diagnostic("VGL1201", {},
                        {"pack `" + wanted.id + "` names no rules, and beside the program is no folder `rules`"})
            .with_hint("name the rules by --rules, or as `rules` or `file` of the pack in vigil.toml");
    if (may_be_none) told.severity = Severity::kWarning;
    report(console, {&told, 1}, {});
    return may_be_none;
  }

  /// Reads and compiles the rules of folders; null where they cannot be used, which is reported.
  std::shared_ptr<const Rulebook> load_folders(const Console& console, const hooks::PackSettings& wanted,
                                               bool may_be_none) const {
    auto rules = wanted.rules;
    if (rules.empty()) {
      if (const auto shipped = find_beside_program("rules"))
        rules.push_back(shipped->string());
      else if (!tell_no_rules(console, wanted, may_be_none))
        return nullptr;
    }
    auto knowledge = knowledge_;
    if (!wanted.knowledge.empty()) knowledge.knowledge = wanted.knowledge;
    knowledge.value_sets.insert(knowledge.value_sets.end(), wanted.value_sets.begin(), wanted.value_sets.end());
    auto compilation = load_rulebook(console, rules, {}, knowledge);
    if (compilation) note_missing_knowledge(console, knowledge);  // where nothing of the rules told of it
    return compilation ? std::move(compilation->rulebook) : nullptr;
  }

  std::string config_;
  std::string listen_;
  std::vector<std::string> rules_;
  bool check_ = false;
  KnowledgeOptions knowledge_;
};

}  // namespace

std::unique_ptr<Command> make_serve_command(CLI::App& program) {
  return std::make_unique<ServeCommand>(*program.add_subcommand("serve", "Answer CDS Hooks calls over HTTP"));
}

}  // namespace vigil::cli
