// SPDX-License-Identifier: Apache-2.0
// Patient data, tokens and free text: values that cannot be printed by mistake.
#pragma once

#include <ostream>
#include <string>
#include <utility>

namespace vigil::hooks {

/// Holds a value that must not reach a log, a metric or a message. It has no conversion, and streaming it does not
/// compile; who needs the value says so with reveal(), which reviews and a test (tests/adapters/cds-hooks) look for.
template <class T>
class Confidential {
 public:
  Confidential() = default;
  explicit Confidential(T value) : value_(std::move(value)) {}

  const T& reveal() const { return value_; }
  T& reveal() { return value_; }
  bool empty() const { return value_.empty(); }

  template <class Stream>
  friend Stream& operator<<(Stream&, const Confidential&) = delete;

 private:
  T value_;
};

/// Patient data: ids, resources, free text.
using PatientText = Confidential<std::string>;
/// An access token, a JSON Web Token, a key.
using Credential = Confidential<std::string>;

}  // namespace vigil::hooks
