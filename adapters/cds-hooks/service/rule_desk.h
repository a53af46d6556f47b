// SPDX-License-Identifier: Apache-2.0
// Who decides which rules are in force: the seam between the running service and what loads and tries packs.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "cds-hooks/protocol/service_set.h"
#include "cds-hooks/service/admin_socket.h"

namespace vigil::hooks {

/// What became of a command about packs.
struct DeskAnswer {
  AdminAnswer answer;
  std::shared_ptr<const ServiceSet> set;  ///< in force from now on; null: what was stays
};

/// Its members are called one at a time, never on a loop: they may take long.
class RuleDesk {
 public:
  virtual ~RuleDesk() = default;
  /// Reads rules and knowledge anew, and checks them; null, and what is wrong reported, where they cannot be used.
  virtual std::shared_ptr<const ServiceSet> reload() = 0;
  /// Undoes the last change, at once. What was rolled back from is not gone back to.
  virtual DeskAnswer rollback() = 0;
  /// A command of operators; none where it is no command about packs.
  virtual std::optional<DeskAnswer> command(const AdminRequest& request) = 0;
};

}  // namespace vigil::hooks
