// SPDX-License-Identifier: Apache-2.0
// Ids of cards and suggestions.
#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace vigil::hooks {

/// Random UUIDs (RFC 9562, version 4). One a thread. They need to be unique, not secret: what a card says is in the
/// decision log, not in its id.
class CardIds {
 public:
  CardIds();                        ///< from the machine's entropy
  explicit CardIds(uint64_t seed);  ///< the same ids every time, for tests
  std::string next();

 private:
  std::mt19937_64 random_;
};

}  // namespace vigil::hooks
