// SPDX-License-Identifier: Apache-2.0
// What settings together must hold to.
#include <algorithm>
#include <charconv>

#include "cds-hooks/config/settings.h"

namespace vigil::hooks {

bool is_loopback(std::string_view address) { return address == "::1" || address.starts_with("127."); }

bool read_listen(std::string_view text, HttpOptions& http) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return false;
  auto address = text.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
  const auto digits = text.substr(colon + 1);
  unsigned port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (address.empty() || digits.empty() || error != std::errc() || end != digits.data() + digits.size() || port > 65535)
    return false;
  http.address = address;
  http.port = static_cast<uint16_t>(port);
  return true;
}

bool complete_settings(Settings& settings, DiagnosticSink& sink) {
  const auto& http = settings.host.http;
  const auto fail = [&](const std::string& message, std::string hint) {
    sink.add(data_diagnostic("VGL1201", {}, {message}).with_hint(std::move(hint)));
  };
  const bool is_local = is_loopback(http.address);
  const bool is_plain = http.tls.certificate_file.empty();
  if (!is_local && is_plain && !settings.allows_plain_http)
    fail("plain HTTP on " + http.address + " would send patient data unprotected",
         "give [server.tls] a certificate and key, listen on 127.0.0.1 behind a proxy, or state server.plain_http = "
         "\"anywhere\"");
  if (!settings.host.offers_page) settings.host.offers_page = is_local;
  const bool has_mutual_tls = !http.tls.client_ca_file.empty();
  if (!settings.requires_tokens)
    settings.requires_tokens = !settings.tokens.issuers.empty() || (!is_local && !has_mutual_tls);
  if (*settings.requires_tokens && settings.tokens.issuers.empty())
    fail("callers are to show tokens, but no issuer is trusted",
         "name clients in [[auth.issuer]], or state auth.required = false");
  for (const auto& server : settings.fetch.servers)
    if (const auto url = parse_url(server);
        url && !url->is_tls && !settings.allows_plain_http && !is_loopback(url->host) && url->host != "localhost")
      fail("patients' data and tokens would go unprotected to " + server,
           "give an https address, or state server.plain_http = \"anywhere\"");
  auto& url = settings.protocol.public_url;
  while (url.ends_with('/')) url.pop_back();
  if (url.empty() && *settings.requires_tokens) {
    if (http.port == 0)
      fail("tokens must name the address called, and the port is not known yet", "give server.public_url");
    const bool is_v6 = http.address.find(':') != std::string::npos;
    url = (is_plain ? "http://" : "https://") + (is_v6 ? "[" + http.address + "]" : http.address) + ":" +
          std::to_string(http.port);
  }
  return !sink.has_errors();
}

}  // namespace vigil::hooks
