// SPDX-License-Identifier: Apache-2.0
// Ids of cards and suggestions.
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include <vigil/snapshot.h>

namespace vigil::hooks {

/// UUIDs that begin with the time, so that the log's index of them grows at one end: at random places, each card would
/// cost a page of it. The other 74 bits are random. In form they are of version 4 (RFC 9562): clients may check for the
/// versions they know. One a thread. They need to be unique, not secret: what a card says is in the decision log, not
/// in its id.
class CardIds {
 public:
  CardIds();                                  ///< from the machine's entropy
  explicit CardIds(uint64_t seed);            ///< the same ids every time, for tests
  void set_time(Instant now) { now_ = now; }  ///< of the ids to come
  std::string next();

 private:
  std::mt19937_64 random_;
  Instant now_ = 0;
};

}  // namespace vigil::hooks
