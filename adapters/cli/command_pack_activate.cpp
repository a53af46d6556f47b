// SPDX-License-Identifier: Apache-2.0
// `vigil pack activate|stage|withdraw|rollback|status`: what a running service is told over its admin socket.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <ostream>

#include "cds-hooks/service/admin_socket.h"
#include "cli/command_pack.h"

namespace vigil::cli {
namespace {

constexpr const char* kFooter = R"(Examples:
  vigil pack activate allergy.vigilpack                                  at once
  vigil pack activate allergy.vigilpack --stage shadow                   evaluates live calls, and nobody sees it
  vigil shadow report /var/lib/vigil/packs/shadow.db                     where it differs
  vigil pack stage canary --share 5                                      then it answers for 5 % of patients
  vigil pack stage canary --client https://ehr.example.org/              or for one client
  vigil pack stage active                                                then for all
  vigil pack rollback                                                    undoes the last change, once
  vigil pack withdraw                                                    no candidate any more

The service verifies the signature, runs the pack's own tests, and swaps; calls under way finish with the rules they began
with. Exits with 1 where the service refuses, and says why. The socket is that of server.admin_socket in vigil.toml.
)";

constexpr const char* kDefaultSocket = "/run/vigil/admin.sock";

/// A command of the service: adds parameters to its address, and sends a body or none.
class TellCommand : public Command {
 public:
  explicit TellCommand(CLI::App& app) : Command(app) {
    app.footer(kFooter);
    app.add_option("--socket", socket_, "The service's admin socket")->type_name("PATH")->capture_default_str();
  }

 protected:
  void add_place_option(CLI::App& app) {
    app.add_option("--pack", pack_, "Which place of the service, by its id in vigil.toml")->type_name("ID");
  }
  void add_trial_options(CLI::App& app) {
    app.add_option("--share", share_, "Of a canary: percent of patients")->type_name("PERCENT");
    app.add_option("--client", clients_, "Of a canary: an issuer of tokens; repeatable")
        ->type_name("ISSUER")
        ->allow_extra_args(false);
  }

  int tell(const Console& console, std::string target, std::string_view body, std::string_view method = "POST") const {
    char before = '?';
    const auto add = [&](std::string_view name, std::string_view value) {
      if (value.empty()) return;
      (((target += before) += name) += '=') += hooks::encode_parameter(value);
      before = '&';
    };
    add("pack", pack_);
    add("stage", stage_);
    add("share", share_);
    for (const auto& client : clients_) add("client", client);
    add("downgrade", downgrade_ ? "yes" : "");
    add("name", name_);
    std::string problem;
    const auto answer = hooks::tell_service(socket_, target, body, problem, method);
    if (!answer)
      return wrong_use(console, "no service answers at `" + socket_ + "`: " + problem,
                       "is it running, and is this its server.admin_socket?");
    (answer->status == 200 ? console.out : console.err) << answer->text;
    return answer->status == 200 ? kClean : kFindings;
  }

  std::string socket_ = kDefaultSocket;
  std::string pack_;
  std::string stage_;
  std::string share_;
  std::vector<std::string> clients_;
  bool downgrade_ = false;
  std::string name_;
};

class PackActivateCommand : public TellCommand {
 public:
  explicit PackActivateCommand(CLI::App& app) : TellCommand(app) {
    app.add_option("file", file_, "Rule pack")->type_name("FILE")->required();
    app.add_option("--stage", stage_, "How far: shadow, canary, or active at once")
        ->type_name("STAGE")
        ->check(CLI::IsMember({"shadow", "canary", "active"}));
    app.add_flag("--allow-downgrade", downgrade_, "Take a version that is not above the one in force");
    add_place_option(app);
    add_trial_options(app);
  }

  int run(const Console& console) override {
    DiagnosticSink sink;
    const auto bytes = read_pack_bytes(file_, sink);
    report(console, sink);
    if (!bytes) return kWrongUse;
    name_ = std::filesystem::path(file_).filename().string();
    return tell(console, "/activate", *bytes);
  }

 private:
  std::string file_;
};

class PackStageCommand : public TellCommand {
 public:
  explicit PackStageCommand(CLI::App& app) : TellCommand(app) {
    app.add_option("stage", stage_, "How far the candidate goes: shadow, canary or active")
        ->type_name("STAGE")
        ->required()
        ->check(CLI::IsMember({"shadow", "canary", "active"}));
    add_place_option(app);
    add_trial_options(app);
  }
  int run(const Console& console) override { return tell(console, "/stage", {}); }
};

class PackWithdrawCommand : public TellCommand {
 public:
  explicit PackWithdrawCommand(CLI::App& app) : TellCommand(app) { add_place_option(app); }
  int run(const Console& console) override { return tell(console, "/withdraw", {}); }
};

class PackRollbackCommand : public TellCommand {
 public:
  using TellCommand::TellCommand;
  int run(const Console& console) override { return tell(console, "/rollback", {}); }
};

class PackStatusCommand : public TellCommand {
 public:
  using TellCommand::TellCommand;
  int run(const Console& console) override { return tell(console, "/packs", {}, "GET"); }
};

}  // namespace

std::unique_ptr<Command> make_pack_activate_command(CLI::App& pack) {
  return std::make_unique<PackActivateCommand>(
      *pack.add_subcommand("activate", "Have a running service verify, test and use a rule pack"));
}

std::unique_ptr<Command> make_pack_stage_command(CLI::App& pack) {
  return std::make_unique<PackStageCommand>(*pack.add_subcommand("stage", "Move a service's candidate on"));
}

std::unique_ptr<Command> make_pack_withdraw_command(CLI::App& pack) {
  return std::make_unique<PackWithdrawCommand>(*pack.add_subcommand("withdraw", "Take a service's candidate back"));
}

std::unique_ptr<Command> make_pack_rollback_command(CLI::App& pack) {
  return std::make_unique<PackRollbackCommand>(
      *pack.add_subcommand("rollback", "Have a service undo the last change of its rules"));
}

std::unique_ptr<Command> make_pack_status_command(CLI::App& pack) {
  return std::make_unique<PackStatusCommand>(
      *pack.add_subcommand("status", "What a service has in force, and what it tries"));
}

}  // namespace vigil::cli
