// SPDX-License-Identifier: Apache-2.0
// FHIR R4 JSON of one patient to facts in a timeline.
//
//   fhir::FhirReader reader(rulebook.read_plan());
//   Timeline timeline(rulebook.read_plan(), knowledge);
//   if (const auto bytes = fhir::read_file("patient.json", {}, diagnostics)) reader.read(*bytes, "patient.json",
//   timeline, diagnostics); const Snapshot snapshot = timeline.at(now, diagnostics);
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <vigil/diagnostic.h>
#include <vigil/snapshot.h>

#include "fhir/drafts.h"

namespace vigil::fhir {

class JsonText;    // json_text.h
class PassedOver;  // passed_over.h

/// Limits; each protects against input that would take all memory or the whole stack.
struct FhirReadOptions {
  /// Of one text. Reading takes up to five times as much for a moment.
  size_t max_bytes = size_t{256} << 20;
  /// Of JSON objects within objects, as far as they are read. R4 data is about ten deep; extensions may nest.
  uint32_t max_depth = 64;
  Drafts drafts = Drafts::kByStatus;  ///< which requests are orders under review
};

/// Reads a Bundle of any type (nested ones too), a Parameters with resources, a single resource, an array of these, or
/// NDJSON with one of these a line. Of planned types it keeps the planned elements; other resources are passed over
/// without a closer look. No exceptions, no output; memory is kept for the next read, so that one reader and one
/// timeline read patient after patient without the heap. Not thread-safe: one reader a thread.
///
/// Nothing is lost silently; what is not kept is reported and degrades the timeline:
///   * A wrong JSON type (VGL1003), an unreadable date or number (VGL1004), a member given twice with different values
///     (VGL1003) or too deep nesting (VGL1013): the resource is skipped, its type damaged. The same value twice is
///     fine.
///   * Broken JSON (VGL1001): what stood before stays, everything is damaged. In NDJSON the line is skipped, the rest
///   read.
///     Bytes that are not UTF-8 (VGL1001) are read as `?`, and everything is damaged.
///   * No FHIR resource (VGL1002): skipped, everything damaged, since its type is unknown. A resource type that R4 does
///   not
///     know (VGL1006, once a type) is only noted.
///   * A page of several, a searchset with fewer matches than its total (VGL1014): everything partial. A request of a
///     batch that failed, an OperationOutcome that reports an error (VGL1014): everything not obtained; one that warns
///     that there may be more: everything partial.
///   * A second Patient (VGL1009): skipped, everything damaged. A resource of another patient (VGL1012): skipped, its
///   type
///     partial. Whose the data is, says `expected_patient`, else the first Patient, else the first reference to one.
///
/// A history Bundle gives versions with the time they were known; in any other, all is known always. Whether there is a
/// patient at all (VGL1008) is for the caller to say, since data may come in several texts: see Snapshot::patient().
class FhirReader {
 public:
  /// The plan must outlive the reader and be that of the timelines it fills.
  explicit FhirReader(const ReadPlan& plan, FhirReadOptions options = {});
  ~FhirReader();
  FhirReader(FhirReader&&) noexcept;

  /// Adds what `bytes` hold to the timeline. `source_name` is for messages. `expected_patient` is the id of the patient
  /// asked for, where it is known (CDS Hooks tells it); with several texts of one patient it should be given.
  void read(const std::string& bytes, std::string_view source_name, Timeline& timeline, DiagnosticSink& sink,
            std::string_view expected_patient = {});

  /// The same for resources that stand apart in texts whose tokens are known, such as a call's prefetch: begin(), then
  /// add() each, then finish(). The texts must be whole JSON and stay until finish(). Of a Bundle only its entries'
  /// resources are to be given: what it says of itself is for the caller to judge.
  void begin(std::string_view source_name, Timeline& timeline, DiagnosticSink& sink);
  /// `resource` and `full_url` are tokens: of an object with a resourceType, and of its entry's fullUrl or kNoToken.
  /// `passed_over`, where not null, gets what of the resource was not read: of one that is damaged, all behind
  /// what is wrong. Whether it was kept: not what the plan has no use for, nor what is damaged.
  bool add(const JsonText& json, uint32_t resource, uint32_t full_url = kNoToken, PassedOver* passed_over = nullptr);
  void finish(std::string_view expected_patient);
  static constexpr uint32_t kNoToken = UINT32_MAX;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The bytes of a file. None where it cannot be read (VGL1010) or is larger than the limit (VGL1007, before reading).
std::optional<std::string> read_file(const std::string& path, const FhirReadOptions& options, DiagnosticSink& sink);

}  // namespace vigil::fhir
