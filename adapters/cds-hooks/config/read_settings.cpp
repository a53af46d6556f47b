// SPDX-License-Identifier: Apache-2.0
// vigil.toml to settings.
#include <cstdlib>
#include <iterator>

#include "cds-hooks/config/read_rules.h"
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

/// As browsers send it (RFC 6454, 6.2): scheme and host in small letters, a port where it is not the usual one, and
/// nothing else. What is written otherwise would never be the same.
bool is_origin(const std::string& text) {
  const auto url = parse_url(text);
  if (!url) return false;
  const std::string host = url->host.find(':') == std::string::npos ? url->host : "[" + url->host + "]";
  const bool is_usual = url->port == (url->is_tls ? "443" : "80");
  return text == (url->is_tls ? "https://" : "http://") + host + (is_usual ? "" : ":" + url->port);
}

void read_cors(TomlSection section, Settings& settings) {
  auto& origins = settings.protocol.cors.origins;
  section.take("origins", origins);
  for (const auto& origin : origins)
    if (origin != "*" && !is_origin(origin))
      section.report(
          "`" + origin + "` is no origin",
          "write it as browsers do: https://host in small letters, a port if it is not the usual one, no path; "
          "or \"*\"");
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
  section.take("max_memory", settings.protocol.max_memory, 1 << 20, int64_t{1} << 34);
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
  if (settings.host.rate.per_second == 0)
    section.refuse_unused({"burst"}, "without a rate", "give `server.requests_per_second`");
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
  const bool has_place = !decisions.file.empty() || !decisions.database.empty();
  if (wants_log && !has_place)
    section.report("decisions have settings and no place", "give `decisions.file` or `decisions.database`");
  else if (!has_place)
    section.refuse_unused({"when_full", "patience_ms", "max_queue", "survive_power_loss"}, "without a decision log",
                          "give `decisions.file` or `decisions.database`");
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
  if (tokens.issuers.empty())
    section.refuse_unused({"clock_skew_seconds", "max_lifetime_seconds", "audiences", "keys_seconds"},
                          "without an issuer of tokens", "name one in [[auth.issuer]]");
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
  if (settings.decisions.file.empty() && settings.decisions.database.empty())
    section.refuse_unused({"rest_at_sign_hours"}, "without a decision log, which knows what was acknowledged",
                          "give `decisions.file` or `decisions.database`");
  size_t published = 0;
  section.take_word("override_reasons", {"categories", "all", "none"}, published);
  std::vector<OverrideReason> own;
  section.each("override_reason", [&](TomlSection one) {
    OverrideReason reason;
    one.take("text", reason.text);
    one.take("system", reason.system);
    one.take("code", reason.code);
    if (reason.text.empty()) one.report("an override reason has no text", "give `text`");
    if (reason.code.empty() != reason.system.empty())
      one.report("an override reason has a code or a system alone", "give both or neither");
    one.finish();
    own.push_back(std::move(reason));
  });
  if (!own.empty() && published != 2 && section.has("override_reasons"))
    section.report_at("override_reasons", "`cards.override_reasons` beside reasons of your own is never used",
                      "leave it out, or leave out [[cards.override_reason]]");
  const bool uses_published = own.empty() && published != 2;
  cards.default_overrides = uses_published ? published_reasons(/*all_codes=*/published == 1) : std::move(own);
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
  if (settings.fetch.servers.empty())
    section.refuse_unused({"max_pages", "max_total_bytes"}, "without a server to ask", "give `fhir.servers`");
  section.finish();
}

void read_prefetch(TomlSection section, Settings& settings) {
  auto& prefetch = settings.protocol.prefetch;
  section.take("max_codes", prefetch.max_codes, 0, 10'000);
  section.take("not_held", prefetch.not_held);
  settings.not_held_place = section.place_of("not_held");
  if (std::ranges::find(prefetch.not_held, "Patient") != prefetch.not_held.end())
    section.report_at("not_held", "`prefetch.not_held` names Patient, and every call is about one", "leave it out");
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
    const auto& issuers = settings.tokens.issuers;
    const bool is_issuer = std::ranges::any_of(issuers, [&](const auto& one) { return one.issuer == id; });
    if (!id.empty() && (!is_issuer || !settings.requires_tokens.value_or(true)))
      section.report("no caller can be the client `" + id +
                         "`: " + (is_issuer ? "auth.required = false asks for no tokens" : "no issuer has this name"),
                     is_issuer ? "leave out `auth.required`, or the client's `id`"
                               : "name it in [[auth.issuer]] as its tokens do in `iss`; without `id` the settings hold "
                                 "for all that have no entry");
    section.finish();
    clients.set(std::move(id), abilities);
  });
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
  read_prefetch(root.section("prefetch"), settings);
  read_clients(root, settings);
  read_fhir(root.section("fhir"), settings);
  read_rules(root, settings);
  root.finish();
  return sink.has_errors() ? std::nullopt : std::optional(std::move(settings));
}

}  // namespace vigil::hooks
