// SPDX-License-Identifier: Apache-2.0
// vigil.toml to settings.
#include <cstdlib>
#include <iterator>

#include "cds-hooks/config/toml_section.h"
#include "cds-hooks/protocol/override_reasons.h"

namespace vigil::hooks {
namespace {

constexpr int64_t kMegabytes = int64_t{1} << 20;

/// Seconds or milliseconds as whole numbers.
template <class Unit>
void take_time(TomlSection& section, const std::string& key, std::chrono::milliseconds& time, int64_t most) {
  int64_t count = std::chrono::duration_cast<Unit>(time).count();
  section.take(key, count, 0, most);
  time = std::chrono::duration_cast<std::chrono::milliseconds>(Unit(count));
}

/// Browsers send scheme, host and port alone: what is written otherwise would never be the same.
void read_cors(TomlSection section, Settings& settings) {
  auto& origins = settings.protocol.cors.origins;
  section.take("origins", origins);
  for (const auto& origin : origins) {
    const size_t host = origin.find("://");
    if (origin != "*" && (!parse_url(origin) || origin.find('/', host + 3) != std::string::npos))
      section.report("`" + origin + "` is no origin", "write it as https://host, without a path, or \"*\"");
  }
  section.finish();
}

void read_server(TomlSection section, Settings& settings) {
  auto& http = settings.host.http;
  auto& limits = http.limits;
  std::string listen;
  section.take("listen", listen);
  if (!listen.empty() && !read_listen(listen, http))
    section.report("`server.listen` is `" + listen + "`", "give an address and a port, such as 127.0.0.1:8080");
  section.take_address("public_url", settings.protocol.public_url);
  section.take("threads", http.threads, 0, 1024);
  size_t plain = 0;
  section.take_word("plain_http", {"loopback", "anywhere"}, plain);
  settings.allows_plain_http = plain == 1;
  section.take("max_body", limits.max_body, 1024, 1024 * kMegabytes);
  section.take("max_head", limits.max_head, 1024, kMegabytes);
  section.take("max_connections", limits.max_connections, 1, 1'000'000);
  take_time<std::chrono::seconds>(section, "read_seconds", limits.read_time, 3600);
  take_time<std::chrono::seconds>(section, "idle_seconds", limits.idle_time, 3600);
  take_time<std::chrono::seconds>(section, "write_seconds", limits.write_time, 3600);
  take_time<std::chrono::milliseconds>(section, "deadline_ms", settings.protocol.deadline, 60'000);
  if (settings.protocol.deadline < std::chrono::milliseconds(10))
    section.report("`server.deadline_ms` leaves no time for any rule", "give 10 or more");
  section.take("max_steps", settings.protocol.max_steps, 1000, 1'000'000'000);
  take_time<std::chrono::seconds>(section, "ready_wait_seconds", settings.host.ready_wait, 600);
  take_time<std::chrono::seconds>(section, "grace_seconds", settings.host.grace, 600);
  section.take("wait_threads", settings.host.wait_threads, 1, 256);
  section.take("max_waiting", settings.host.max_waiting, 1, 100'000);
  section.take("metrics", settings.host.offers_metrics);
  section.take("page", settings.host.offers_page);
  section.take_path("admin_socket", settings.host.admin_socket);
  int64_t rate = 0;
  section.take("requests_per_second", rate, 0, 1'000'000);
  settings.host.rate.per_second = static_cast<double>(rate);
  section.take("burst", rate, 1, 1'000'000);
  settings.host.rate.burst = static_cast<double>(rate);
  auto tls = section.section("tls");
  tls.take_path("certificate", http.tls.certificate_file);
  tls.take_path("key", http.tls.key_file);
  tls.take_path("client_ca", http.tls.client_ca_file);
  if (tls.exists() && (http.tls.certificate_file.empty() || http.tls.key_file.empty()))
    tls.report("`server.tls` lacks a certificate or a key", "give both, as PEM files");
  tls.finish();
  section.finish();
}

void read_log(TomlSection section, Settings& settings) {
  section.take_path("file", settings.log.file);
  const std::vector<std::string> words = {"none", "failed", "all"};
  size_t number = 1;
  section.take_word("requests", words, number);
  settings.log.requests = words[number];
  section.finish();
}

/// A key from a file or from the environment: never from the settings themselves, which are copied and shown.
void read_key(TomlSection& section, const std::string& text, const std::string& place, decision_log::KeyRing& keys) {
  if (!keys.add(text)) section.report(place + " holds no key", "give 32 bytes as 64 hex digits: openssl rand -hex 32");
}

void read_decisions(TomlSection section, Settings& settings) {
  auto& decisions = settings.decisions;
  auto& options = decisions.options;
  section.take_path("file", decisions.file);
  section.take("database", decisions.database);
  section.take("instance", decisions.instance);
  if (!decisions.file.empty() && !decisions.database.empty())
    section.report("there are two places for decisions", "give `decisions.file` or `decisions.database`");
  if (!decisions.database.empty() && !decision_log::names_postgres(decisions.database))
    section.report("`decisions.database` is no address of a database",
                   "write it as postgresql:///vigil?host=/run/postgresql");
  if (!decisions.database.empty() && decisions.instance.empty())
    section.report("decisions in a database need an instance",
                   "give `decisions.instance`: a name that only this process has");
  std::string key_file;
  std::string key_variable;
  section.take_file("key_file", key_file);
  section.take("key_env", key_variable);
  if (!key_file.empty()) read_key(section, key_file, "`decisions.key_file`", decisions.keys);
  if (!key_variable.empty()) {
    const char* text = std::getenv(key_variable.c_str());
    read_key(section, text == nullptr ? "" : text, "the environment's `" + key_variable + "`", decisions.keys);
  }
  std::vector<std::string> old_keys;
  section.take_paths("old_key_files", old_keys);
  if (!old_keys.empty() && decisions.keys.empty())
    section.report("`decisions.old_key_files` without a key",
                   "give `key_file` or `key_env`: what is recorded is sealed by it");
  for (const auto& name : old_keys) {
    std::ifstream stream(name, std::ios::binary);
    read_key(section, std::string(std::istreambuf_iterator<char>(stream), {}), "`" + name + "`", decisions.keys);
  }
  size_t when_full = 0;
  section.take_word("when_full", {"block", "drop"}, when_full);
  options.when_full = when_full == 0 ? decision_log::WhenFull::kBlock : decision_log::WhenFull::kDrop;
  take_time<std::chrono::milliseconds>(section, "patience_ms", options.patience, 60'000);
  section.take("max_queue", options.max_queue, 1, 1'000'000);
  int64_t days = 0;
  section.take("keep_days", days, 0, 36'500);
  options.keep = std::chrono::hours(24 * days);
  days = 0;
  section.take("keep_patient_data_days", days, 0, 36'500);
  options.keep_sealed = std::chrono::hours(24 * days);
  section.take("survive_power_loss", decisions.survives_power_loss);
  const bool wants_log = !decisions.keys.empty() || !decisions.instance.empty() || options.keep.count() > 0 ||
                         options.keep_sealed.count() > 0;
  if (wants_log && decisions.file.empty() && decisions.database.empty())
    section.report("decisions have settings and no place", "give `decisions.file` or `decisions.database`");
  section.finish();
}

void read_auth(TomlSection section, Settings& settings) {
  auto& tokens = settings.tokens;
  section.take("required", settings.requires_tokens);
  section.take("clock_skew_seconds", tokens.clock_skew, 0, 600);
  section.take("max_lifetime_seconds", tokens.max_lifetime, 0, 86'400);
  section.take("audiences", tokens.audiences);
  section.take("keys_seconds", tokens.keys.max_age, 1, 86'400);
  section.each("issuer", [&](TomlSection issuer) {
    TrustedIssuer one;
    issuer.take("issuer", one.issuer);
    issuer.take("keys_url", one.key_url);
    issuer.take_file("keys_file", one.key_set);
    issuer.take("tenants", one.tenants);
    if (one.issuer.empty()) issuer.report("an issuer has no name", "give `issuer`, as its tokens have it in `iss`");
    if (one.key_url.empty() == one.key_set.empty())
      issuer.report("an issuer has no keys, or two places of them", "give either `keys_url` or `keys_file`");
    if (!one.key_url.empty() && !one.key_url.starts_with("https://") && !one.key_url.starts_with("http://127.0.0.1"))
      issuer.report("the keys of an issuer are not fetched by https", "give an https address");
    issuer.finish();
    tokens.issuers.push_back(std::move(one));
  });
  section.finish();
}

void read_requests(TomlSection section, Settings& settings) {
  auto& call = settings.protocol.call;
  section.take("strict", call.strict);
  section.take("max_depth", call.json.max_depth, 8, 512);
  section.take("max_entries", call.max_entries, 1, 10'000'000);
  section.take("distrust_null", settings.protocol.distrusts_null);
  settings.fetch.json = call.json;
  section.finish();
}

void read_cards(TomlSection section, Settings& settings) {
  auto& cards = settings.protocol.cards;
  section.take("source_label", cards.source_label);
  section.take_address("source_url", cards.source_url);
  section.take_address("source_icon", cards.source_icon);
  section.take("topic_system", cards.topic_system);
  section.take("override_system", cards.override_system);
  section.take("max_cards", cards.max_cards, 0, 1000);
  int64_t hours = std::chrono::duration_cast<std::chrono::hours>(settings.protocol.rest_at_sign).count();
  section.take("rest_at_sign_hours", hours, 0, int64_t{24} * 30);
  settings.protocol.rest_at_sign = std::chrono::hours(hours);
  size_t reasons = 0;
  section.take_word("override_reasons", {"categories", "all", "none"}, reasons);
  cards.default_overrides = reasons == 2 ? std::vector<OverrideReason>() : published_reasons(reasons == 1);
  section.each("override_reason", [&](TomlSection one) {
    if (reasons != 2) cards.default_overrides.clear();
    reasons = 2;
    OverrideReason reason;
    one.take("text", reason.text);
    one.take("system", reason.system);
    one.take("code", reason.code);
    if (reason.text.empty()) one.report("an override reason has no text", "give `text`");
    if (reason.code.empty() != reason.system.empty())
      one.report("an override reason has a code or a system alone", "give both or neither");
    one.finish();
    cards.default_overrides.push_back(std::move(reason));
  });
  size_t unknown = 0;
  section.take_word("unknown_rules", {"always", "failed-sources"}, unknown);
  cards.names_every_unknown = unknown == 0;
  section.finish();
}

void read_fhir(TomlSection section, Settings& settings) {
  section.take("servers", settings.fetch.servers);
  section.take("max_pages", settings.fetch.max_pages, 1, 1000);
  section.take("max_total_bytes", settings.fetch.max_total_bytes, 1024, 1024 * kMegabytes);
  section.take_path("ca_file", settings.ca_file);
  for (const auto& server : settings.fetch.servers)
    if (!parse_url(server)) section.report("`" + server + "` is no address of a server", "give https://host/path");
  section.finish();
}

void read_clients(TomlSection& root, Settings& settings) {
  auto& clients = settings.protocol.clients;
  root.each("client", [&](TomlSection section) {
    std::string id;
    ClientAbilities abilities;
    section.take("id", id);
    section.take("version_3", abilities.version_3);
    section.take("system_actions", abilities.system_actions);
    if (clients.contains(id))
      section.report(id.empty() ? "there are two [[client]] without an id" : "there are two clients `" + id + "`",
                     "say once what a client takes");
    section.finish();
    clients.set(std::move(id), abilities);
  });
}

bool is_pack_id(std::string_view id) {
  return !id.empty() && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  });
}

void read_packs(TomlSection& root, Settings& settings) {
  std::vector<PackSettings> packs;
  root.each("pack", [&](TomlSection section) {
    PackSettings pack;
    section.take("id", pack.id);
    pack.title = pack.id;
    section.take("title", pack.title);
    section.take("version", pack.version);
    section.take_path("file", pack.file);
    section.take_paths("rules", pack.rules);
    section.take_path("overlay", pack.overlay);
    section.take_paths("knowledge", pack.knowledge);
    section.take_paths("valuesets", pack.value_sets);
    if (!is_pack_id(pack.id))
      section.report("`" + pack.id + "` cannot be the id of a pack",
                     "use a-z, 0-9 and hyphens: it is part of addresses");
    if (std::ranges::any_of(packs, [&](const PackSettings& other) { return other.id == pack.id; }))
      section.report("there are two packs `" + pack.id + "`", "give each an id of its own");
    if (!pack.file.empty() && !(pack.rules.empty() && pack.version.empty()))
      section.report("the pack `" + pack.id + "` is a file and rules", "give `file`, or `rules` with their `version`");
    section.finish();
    packs.push_back(std::move(pack));
  });
  if (!packs.empty()) settings.packs = std::move(packs);
}

void read_trust(TomlSection section, ActivationSettings& activation) {
  std::vector<std::string> files;
  section.take_paths("keys", files);
  for (const auto& file : files) {
    std::ifstream stream(file, std::ios::binary);
    const auto key = read_public_key(std::string(std::istreambuf_iterator<char>(stream), {}));
    if (key)
      activation.trust.keys.push_back(*key);
    else
      section.report("`" + file + "` holds no Ed25519 public key as PEM", "vigil pack keygen makes a pair");
  }
  section.take("unsigned", activation.trust.allows_unsigned);
  section.take("exact_knowledge", activation.wants_exact_knowledge);
  section.finish();
}

void read_activation(TomlSection section, ActivationSettings& activation) {
  section.take_path("folder", activation.folder);
  section.take("shadow_queue", activation.max_queue, 1, 1'000'000);
  section.take("shadow_rows", activation.keep_rows, 1, 1'000'000'000);
  section.finish();
}

/// A pack as a file is nobody's until a key is trusted.
void check_trust(const Settings& settings, TomlSection& root) {
  const auto& trust = settings.activation.trust;
  const bool takes_files = !settings.activation.folder.empty() ||
                           std::ranges::any_of(settings.packs, [](const auto& pack) { return !pack.file.empty(); });
  if (takes_files && trust.keys.empty() && !trust.allows_unsigned)
    root.report("packs are taken as files, and no key is trusted",
                "name public keys in [trust] keys, or state unsigned = true");
}

}  // namespace

Settings default_settings() {
  Settings settings;
  settings.protocol.cards.default_overrides = published_reasons(/*all_codes=*/false);
  return settings;
}

std::optional<Settings> read_settings(const std::filesystem::path& file, const Suggester& suggest,
                                      DiagnosticSink& sink) {
  TomlFile shared{file.string(), file.parent_path(), suggest, sink};
  toml::table table;
  try {
    table = toml::parse_file(file.string());
  } catch (const toml::parse_error& error) {
    shared.report(error.source(), std::string(error.description()));
    return std::nullopt;
  }
  Settings settings = default_settings();
  TomlSection root(shared, &table, "");
  read_server(root.section("server"), settings);
  read_log(root.section("log"), settings);
  read_decisions(root.section("decisions"), settings);
  read_auth(root.section("auth"), settings);
  read_cors(root.section("cors"), settings);
  read_requests(root.section("requests"), settings);
  read_cards(root.section("cards"), settings);
  auto prefetch = root.section("prefetch");
  prefetch.take("max_codes", settings.protocol.prefetch.max_codes, 0, 10'000);
  prefetch.finish();
  read_clients(root, settings);
  read_fhir(root.section("fhir"), settings);
  root.section("hooks").each_text(
      [&](const std::string& hook, const std::string& rules_hook) { settings.aliases.emplace_back(hook, rules_hook); });
  read_packs(root, settings);
  read_trust(root.section("trust"), settings.activation);
  read_activation(root.section("activation"), settings.activation);
  check_trust(settings, root);
  root.finish();
  return sink.has_errors() ? std::nullopt : std::optional(std::move(settings));
}

}  // namespace vigil::hooks
