// SPDX-License-Identifier: Apache-2.0
// What a replay is run on: rules, store, options. Its digest is the run's id.
#pragma once

#include <memory>
#include <string>

#include <vigil/rulebook.h>

#include "replay/as_of.h"
#include "replay/delay_model.h"
#include "replay/feedback.h"
#include "replay/labels.h"
#include "replay/pseudonyms.h"
#include "replay/subgroups.h"
#include "replay/triggers.h"
#include "store/store.h"

namespace vigil::replay {

struct ReplayOptions {
  Mode mode = Mode::kStrict;
  int16_t site_offset = 0;  ///< from UTC in minutes: of the days that dates without a time name
  bool leakage = false;     ///< ask each trigger a second time, naively
  bool all_rows = false;    ///< a row for each not-met decision too
  bool writes_rows = true;  ///< else only outcomes are counted
};

/// Immutable while a replay runs; shared by its threads. What it points to must outlive it.
struct ReplayInput {
  const Rulebook* rulebook = nullptr;
  const store::Store* store = nullptr;
  ReplayOptions options;
  HookChoice hooks;
  DelayModel delays;
  Labels labels;
  Feedback feedback;
  Subgroups subgroups;
  std::optional<TriggerTable> table;  ///< in place of the triggers the history holds
  Pseudonyms pseudonyms{std::string()};
  std::string outside_digest;  ///< of the bytes of delays, labels, feedback, subgroups and table
  std::string engine_version;

  /// SHA-256 of all that decides the bytes of the result: rules, knowledge, store, options, tables, the key's mark, the
  /// engine's version.
  std::string run_id() const;
};

}  // namespace vigil::replay
