// SPDX-License-Identifier: Apache-2.0
// How long after it was true a fact became known, where nothing but its clinical time is on record.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/diagnostic.h>
#include <vigil/snapshot.h>

namespace vigil::replay {

/// Delays from a CSV table: columns resource_type, system, code, site and delay_hours (a decimal). An empty cell stands
/// for any; of several rows that fit, the one with the most cells filled counts, then the first. Immutable.
class DelayModel {
 public:
  /// None, with VGL1222 in the sink for each row that cannot be read. `name` is for messages.
  static std::optional<DelayModel> parse(std::string_view csv, const std::string& name, DiagnosticSink& sink);

  /// What is asked of the model.
  struct Question {
    std::string_view resource_type;
    std::string_view system;
    std::string_view code;
    std::string_view site;  ///< the organisation or location that reported it, as a reference or id
  };
  /// In milliseconds; none where no row fits.
  std::optional<Instant> delay_of(const Question& question) const;
  bool empty() const { return rows_.empty(); }

 private:
  struct Row {
    std::string resource_type;
    std::string system;
    std::string code;
    std::string site;
    Instant delay = 0;
  };
  std::vector<Row> rows_;  ///< the most particular first
};

}  // namespace vigil::replay
