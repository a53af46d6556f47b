// SPDX-License-Identifier: Apache-2.0
// Single resources of one patient, one after another, by a caller that knows whose they are and since when they were
// known: the versions of a store.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <vigil/diagnostic.h>
#include <vigil/snapshot.h>

#include "fhir/json_index.h"
#include "fhir/json_text.h"
#include "fhir/resource_reader.h"

namespace vigil::fhir {

/// Reads resources into a timeline's memory without adding them: the caller adds each as the versions it stands for.
/// First open() a text, which finds its tokens for the caller too, then read() what the plan keeps of it. What cannot
/// be read is reported. Not thread-safe.
class VersionReader {
 public:
  /// The plan must outlive the reader and be that of the timelines.
  explicit VersionReader(const ReadPlan& plan, uint32_t max_depth = 64)
      : resources_(plan, max_depth), max_depth_(max_depth) {}

  /// Begins a patient. Both must stay until the next.
  void begin(Timeline& timeline, DiagnosticSink& sink);
  /// Finds the tokens of one resource's JSON, behind which a byte must be readable that begins no token. False where it
  /// is not one JSON object (VGL1001). The names must stay until the next.
  bool open(std::string_view json, std::string_view resource_type, std::string_view id);
  /// The text opened last; its first token is the resource.
  const JsonText& text() const { return text_; }
  /// What the plan keeps of it: null where it keeps nothing of the type, or where the resource was damaged.
  Object* read();
  /// Whether what was opened last could not be read: since it was known its type is damaged, which is the caller's to
  /// say.
  bool is_damaged() const { return is_damaged_; }
  /// The resources within the one read last.
  std::span<const Object* const> contained() const;
  /// The references met since begin(), in the timeline's memory or the texts opened.
  const std::vector<std::string_view>& references() const { return references_; }

 private:
  void report_damage(const Problem& problem);

  ResourceReader resources_;
  uint32_t max_depth_;
  JsonIndex index_;
  JsonText text_;
  DiagnosticSink* sink_ = nullptr;
  std::string_view resource_type_;
  std::string_view id_;
  Timeline* timeline_ = nullptr;
  PendingResource pending_;
  bool is_damaged_ = false;
  std::vector<std::string_view> references_;
};

}  // namespace vigil::fhir
