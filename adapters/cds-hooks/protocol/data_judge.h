// SPDX-License-Identifier: Apache-2.0
// How well what a prefetch template asks for was obtained, as it shows in what came.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <vigil/snapshot.h>

#include "cds-hooks/protocol/json_document.h"

namespace vigil::hooks {

struct Judgement {
  Completeness completeness = Completeness::kComplete;
  std::string why;  ///< where not complete; no patient data

  void worsen(Completeness to, std::string reason);
};

/// Looks at what came for one template: a value of `prefetch`, or the pages of a search one after another. CDS Hooks
/// 2.0.1, "Prefetch template": a failed query may leave an OperationOutcome; a search may be one page of many. What is
/// of other types than asked for, or no resource at all, does not say that there is none.
class DataJudge {
 public:
  explicit DataJudge(std::string_view resource_type) : type_(resource_type) {}

  void look_at(const JsonNode& value);
  /// Of all that it looked at.
  Judgement judge() const;
  /// The same, whatever types it holds.
  Judgement judge_extent() const;

 private:
  void look_at_bundle(const JsonNode& bundle);
  void look_at_entry(const JsonNode& entry);

  std::string type_;
  Judgement worst_;
  int64_t matches_ = 0;
  int64_t of_type_ = 0;
  int64_t total_ = 0;
  bool has_next_ = false;  ///< the page looked at last
};

}  // namespace vigil::hooks
