// SPDX-License-Identifier: Apache-2.0
// Commands of operators about packs.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "cds-hooks/activation/pack_desk.h"

namespace vigil::hooks {
namespace {

DeskAnswer refuse(int status, std::string why) { return {{status, std::move(why)}, nullptr}; }

struct CommandParameters {
  std::string_view path;
  std::array<std::string_view, 6> names;
};
constexpr std::array<CommandParameters, 4> kCommands = {{
    {"/activate", {"pack", "stage", "share", "client", "downgrade", "name"}},
    {"/stage", {"pack", "stage", "share", "client"}},
    {"/withdraw", {"pack"}},
    {"/packs", {}},
}};

/// What is wrong with a command's parameters. One that nobody looks at must not pass: of `share=5` without a stage, or
/// of `stge=shadow`, what is left would be an order to put a pack in force for all.
std::string find_wrong_parameter(const CommandParameters& command, const AdminRequest& request) {
  for (size_t i = 0; i < request.parameters.size(); ++i) {
    const auto& key = request.parameters[i].first;
    if (key.empty() || std::ranges::find(command.names, key) == command.names.end())
      return "`" + key + "` is no parameter of " + std::string(command.path);
    const auto same = [&](const auto& parameter) { return parameter.first == key; };
    if (key != "client" && std::ranges::count_if(request.parameters, same) > 1) return "`" + key + "` stands twice";
  }
  const bool is_canary = request.parameter("stage") == name(Stage::kCanary);
  if (!is_canary && (!request.parameter("share").empty() || !request.parameter("client").empty()))
    return "a share and clients are of a canary: say stage canary";
  return {};
}

/// "5", "0.25": percent, to hundredths.
std::optional<uint32_t> read_share(std::string_view text) {
  double percent = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), percent);
  if (error != std::errc() || end != text.data() + text.size() || !(percent >= 0 && percent <= 100))
    return std::nullopt;
  return static_cast<uint32_t>(std::lround(percent * 100));
}

std::string describe(const TrialTerms& terms) {
  if (terms.stage == Stage::kShadow) return "shadows";
  const auto whole = std::to_string(terms.share / 100);
  const auto hundredths = terms.share % 100;
  std::string text = "answers for " + whole;
  if (hundredths != 0) text += "." + std::string(hundredths < 10 ? "0" : "") + std::to_string(hundredths);
  text += " % of patients";
  for (const auto& client : terms.clients) text += ", for " + client;
  return text;
}

}  // namespace

std::string PackDesk::title_of(const RulePack& pack) {
  return (pack.name.empty() ? pack.id : pack.name) + (pack.version.empty() ? "" : " " + pack.version);
}

WantedStage PackDesk::read_stage(const AdminRequest& request) const {
  const auto stage = request.parameter("stage");
  if (stage.empty() || stage == "active") return {};
  TrialTerms terms;
  if (stage == name(Stage::kShadow)) return {terms, {}};
  if (stage != name(Stage::kCanary)) return {{}, "the stages are shadow, canary and active"};
  terms.stage = Stage::kCanary;
  for (const auto& [key, value] : request.parameters) {
    if (key != "client") continue;
    if (std::ranges::find(options_.issuers, value) == options_.issuers.end())
      return {{},
              "`" + value +
                  "` is no client of this service, which knows the issuers of [[auth.issuer]]: the canary would meet "
                  "nobody"};
    terms.clients.push_back(value);
  }
  if (const auto text = request.parameter("share"); !text.empty()) {
    const auto share = read_share(text);
    if (!share) return {{}, "the share is percent: 0 to 100"};
    terms.share = *share;
  }
  if (terms.share == 0 && terms.clients.empty()) return {{}, "a canary takes a share of patients, or clients"};
  return {terms, {}};
}

std::optional<DeskAnswer> PackDesk::command(const AdminRequest& request) {
  const auto known = std::ranges::find(kCommands, request.path, &CommandParameters::path);
  if (known == kCommands.end()) return std::nullopt;
  if (auto problem = find_wrong_parameter(*known, request); !problem.empty()) return refuse(400, std::move(problem));
  if (request.path == "/packs") return DeskAnswer{list(), nullptr};
  if (request.path == "/activate") return activate(request);
  if (request.path == "/stage") return change_stage(request);
  return withdraw(request);
}

DeskAnswer PackDesk::activate(const AdminRequest& request) {
  if (!kept_.exists()) return refuse(409, "there is no place to keep packs: give [activation] folder");
  const auto wanted = read_stage(request);
  if (!wanted.problem.empty()) return refuse(400, wanted.problem);
  const auto given = request.parameter("name");
  const std::string file_name = given.empty() ? "pack" : std::string(given);
  DiagnosticSink sink;
  const auto peek = open_pack(request.body, file_name, sink);
  const auto& places = current_->places;
  auto id = std::string(request.parameter("pack"));
  if (id.empty() && places.size() == 1) id = places[0].active->id;
  if (!peek) return refuse_pack({{}, id, {}, first_error(sink.all())}, 409, render_text(sink.all(), {}));
  const auto at = find_place(request, peek->manifest.name);
  if (!at)
    return refuse_pack({{}, {}, peek->manifest.version, "no place"}, 404,
                       "`" + peek->manifest.name + "` is no pack of this service: name its place with pack=ID");
  return activate_at(*at, *peek, file_name, wanted, request);
}

DeskAnswer PackDesk::refuse_pack(const PackEvent& event, int status, std::string why) const {
  if (options_.note) options_.note({"pack_refused", event.pack, event.version, event.reason});
  return refuse(status, std::move(why));
}

DeskAnswer PackDesk::activate_at(size_t at, const PackFile& peek, const std::string& file_name,
                                 const WantedStage& wanted, const AdminRequest& request) {
  const auto& active = *current_->places[at].active;
  const auto may_follow = [&](const PackFile& pack, DiagnosticSink& problems) {
    if (!active.name.empty() && active.name != pack.manifest.name) {
      problems.add(data_diagnostic("VGL1241", file_name, {file_name, "it is not the pack `" + active.name + "`"}));
      return false;
    }
    return request.parameter("downgrade") == "yes" || check_upgrade(pack, {active.version, active.digest}, problems);
  };
  const auto& version = peek.manifest.version;
  auto loaded = load_pack_bytes(request.body, file_name, options_.packs[at], loading_, may_follow);
  if (loaded.pack == nullptr) return refuse_pack({{}, active.id, version, loaded.code}, 409, loaded.why);
  if (const auto problem = kept_.keep(loaded.pack->digest, request.body); !problem.empty())
    return refuse_pack({{}, active.id, version, "not kept"}, 500, "the pack cannot be kept: " + problem);
  auto places = current_->places;
  if (!wanted.terms) {
    places[at].active = loaded.pack;
    places[at].candidate.reset();
  } else {
    places[at].candidate = Candidate{loaded.pack, *wanted.terms};
  }
  auto text = loaded.why + title_of(*loaded.pack) + (wanted.terms ? " " + describe(*wanted.terms) : " is in force");
  return take(std::move(places), std::move(text), {wanted.terms ? "pack_tried" : "pack_active", *loaded.pack},
              wanted.terms ? std::optional(at) : std::nullopt);
}

DeskAnswer PackDesk::change_stage(const AdminRequest& request) {
  std::string problem;
  const auto at = find_candidate(request, problem);
  if (!at) return refuse(409, problem);
  const auto wanted = read_stage(request);
  if (!wanted.problem.empty()) return refuse(400, wanted.problem);
  if (request.parameter("stage").empty()) return refuse(400, "the stages are shadow, canary and active");
  auto places = current_->places;
  auto& place = places[*at];
  const auto pack = place.candidate->pack;
  if (wanted.terms) {
    place.candidate->terms = *wanted.terms;
  } else {
    place.active = pack;
    place.candidate.reset();
  }
  return take(std::move(places), title_of(*pack) + (wanted.terms ? " " + describe(*wanted.terms) : " is in force"),
              {wanted.terms ? "pack_tried" : "pack_active", *pack}, wanted.terms ? at : std::nullopt);
}

DeskAnswer PackDesk::withdraw(const AdminRequest& request) {
  std::string problem;
  const auto at = find_candidate(request, problem);
  if (!at) return refuse(409, problem);
  auto places = current_->places;
  const auto pack = places[*at].candidate->pack;
  places[*at].candidate.reset();
  return take(std::move(places), title_of(*pack) + " is withdrawn", {"pack_withdrawn", *pack}, std::nullopt);
}

AdminAnswer PackDesk::list() const {
  std::string text;
  for (const auto& place : current_->places) {
    const auto& active = *place.active;
    text += (text.empty() ? "" : "\n") + active.id + ": " + title_of(active) + " is in force" +
            (active.digest.empty() ? "" : ", digest " + active.digest) + ", rules " + active.rules_digest;
    if (place.candidate)
      text += "\n" + active.id + ": " + title_of(*place.candidate->pack) + " " + describe(place.candidate->terms) +
              ", digest " + place.candidate->pack->digest + ", rules " + place.candidate->pack->rules_digest;
  }
  return {200, text};
}

DeskAnswer PackDesk::take(std::vector<Place> places, std::string text, const Happened& what,
                          std::optional<size_t> tried) {
  auto next = compose(std::move(places));
  const auto problem = kept_.exists() ? kept_.write(state_after(*next, tried)) : std::string();
  if (!problem.empty()) return refuse(500, "what is in force cannot be kept: " + problem);
  succeed(std::move(next), tried);
  tell(what.event, what.pack);
  return {{200, std::move(text)}, current_->set};
}

std::optional<size_t> PackDesk::find_place(const AdminRequest& request, std::string_view pack_name) const {
  const auto id = request.parameter("pack");
  const auto& places = current_->places;
  for (size_t i = 0; i < places.size(); ++i) {
    const auto& active = *places[i].active;
    if (id.empty() ? active.name == pack_name || active.id == pack_name : active.id == id) return i;
  }
  return id.empty() && places.size() == 1 ? std::optional(size_t{0}) : std::nullopt;
}

std::optional<size_t> PackDesk::find_candidate(const AdminRequest& request, std::string& problem) const {
  const auto id = request.parameter("pack");
  const auto& places = current_->places;
  std::optional<size_t> found;
  for (size_t i = 0; i < places.size(); ++i) {
    if (!places[i].candidate || (!id.empty() && places[i].active->id != id)) continue;
    if (found) {
      problem = "several packs have a candidate: name one with pack=ID";
      return std::nullopt;
    }
    found = i;
  }
  if (!found) problem = "there is no candidate";
  return found;
}

}  // namespace vigil::hooks
