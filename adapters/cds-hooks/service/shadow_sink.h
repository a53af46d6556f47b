// SPDX-License-Identifier: Apache-2.0
// Where calls go that a candidate in shadow evaluates too: the seam between the running service and the shadow's
// thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cds-hooks/protocol/message.h"
#include "cds-hooks/protocol/shadow_sample.h"

namespace vigil::hooks {

/// Disagreements of one rule of one kind, since the start; or its results that could not be compared.
struct ShadowCount {
  std::string pack;
  std::string version;  ///< of the candidate
  std::string rule;
  Difference difference = Difference::kNew;
  uint64_t count = 0;
};

struct ShadowCounts {
  uint64_t compared = 0;    ///< calls
  uint64_t dropped = 0;     ///< the queue was full
  uint64_t failed = 0;      ///< could not be evaluated
  uint64_t unrecorded = 0;  ///< compared, but the record could not be written
  uint64_t queue = 0;
  std::vector<ShadowCount> disagreements;
};

/// Thread-safe.
class ShadowSink {
 public:
  virtual ~ShadowSink() = default;
  /// Takes a call whose answer is out. Never waits.
  virtual void offer(Request request, ShadowSample sample) = 0;
  virtual ShadowCounts counts() const = 0;
};

}  // namespace vigil::hooks
