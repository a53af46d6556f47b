// SPDX-License-Identifier: Apache-2.0
// What a client takes beyond CDS Hooks 2.0.1: nothing of it is sent unless the settings say so of this client.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace vigil::hooks {

struct ClientAbilities {
  /// The ballot of 3.0: `version` and `hookVersion` in discovery, `actionSelectionBehavior` of suggestions.
  bool version_3 = false;
  /// 2.0.1, "System Action": the client carries out what a rule performs. Elsewhere it is a suggestion.
  bool system_actions = false;
};

/// By the name that authentication gives a client; the empty name stands for all that have no entry.
class ClientTable {
 public:
  void set(std::string client, const ClientAbilities& abilities) { clients_[std::move(client)] = abilities; }
  bool contains(std::string_view client) const { return clients_.contains(client); }
  ClientAbilities of(std::string_view client) const {
    auto at = clients_.find(client);
    if (at == clients_.end()) at = clients_.find(std::string_view());
    return at == clients_.end() ? ClientAbilities() : at->second;
  }

 private:
  std::map<std::string, ClientAbilities, std::less<>> clients_;
};

}  // namespace vigil::hooks
