// SPDX-License-Identifier: Apache-2.0
// The limit `vigil bench` compares with: simdjson's DOM parse of the same bytes.
#pragma once

#include <memory>
#include <string_view>

namespace vigil::cli {

/// One parser, reused; the input is copied into padded memory before anything is measured.
class ParseLimit {
 public:
  ParseLimit();
  ~ParseLimit();

  void set_text(std::string_view text);
  /// Whether it was JSON.
  bool parse();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vigil::cli
