// SPDX-License-Identifier: Apache-2.0
// Where disagreements of shadows are recorded: a SQLite file of its own. It holds the ids of decisions, names of rules,
// tiers and counts; nothing of a patient.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cds-hooks/protocol/shadow_sample.h"

namespace vigil::hooks {

/// One call that was compared.
struct ComparedCall {
  int64_t at = 0;        ///< milliseconds since 1970
  std::string decision;  ///< the request's id, as the decision log has it
  std::string service;
  std::string pack;
  std::string active_version;
  std::string version;  ///< of the candidate
  std::string digest;   ///< of the candidate
  bool failed = false;  ///< the candidate could not be evaluated
  std::vector<Disagreement> disagreements;
};

/// Writes; one thread. Rows above `keep` go, the oldest first; counts stay.
class ShadowStore {
 public:
  /// Null, and why in `problem`, where the file cannot be opened or made.
  static std::unique_ptr<ShadowStore> open(const std::string& file, uint64_t keep, std::string& problem);
  ~ShadowStore();
  /// All calls in one transaction. Why not, else empty.
  std::string write(std::span<const ComparedCall> calls);

 private:
  struct State;
  explicit ShadowStore(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// One line of a report: a rule and how the candidate differs on it, or that it could not be compared.
struct ShadowLine {
  std::string rule;
  std::string difference;
  std::string active_tier;  ///< empty where there is none
  std::string candidate_tier;
  uint64_t findings = 0;
  uint64_t calls = 0;
  std::vector<std::string> examples;  ///< ids of decisions, the latest first
};

/// What is recorded of one candidate.
struct ShadowReport {
  std::string pack;
  std::string active_version;
  std::string version;
  std::string digest;
  uint64_t compared = 0;
  uint64_t differing = 0;       ///< calls with a disagreement
  uint64_t not_comparable = 0;  ///< results of rules that the deadline stopped; none of them is a disagreement
  uint64_t failed = 0;
  int64_t first = 0;
  int64_t last = 0;
  std::vector<ShadowLine> lines;
};

/// All candidates, the latest first; empty, and why in `problem`, where the file cannot be read.
std::vector<ShadowReport> read_shadow_reports(const std::string& file, size_t examples, std::string& problem);

}  // namespace vigil::hooks
