// SPDX-License-Identifier: Apache-2.0
// simdjson's DOM parse, and nothing else.
#include "cli/parse_limit.h"

#include <simdjson.h>

namespace vigil::cli {

struct ParseLimit::State {
  simdjson::dom::parser parser;
  simdjson::padded_string text;
};

ParseLimit::ParseLimit() : state_(std::make_unique<State>()) {}
ParseLimit::~ParseLimit() = default;

void ParseLimit::set_text(std::string_view text) { state_->text = simdjson::padded_string(text); }

bool ParseLimit::parse() {
  simdjson::dom::element root;
  return state_->parser.parse(state_->text).get(root) == simdjson::SUCCESS;
}

}  // namespace vigil::cli
