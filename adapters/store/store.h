// SPDX-License-Identifier: Apache-2.0
// Timelines of many patients on disk: every version of every resource, whole, by patient and time.
//
//   const auto store = store::Store::open("hospital.store", diagnostics);
//   store::PatientVersions patient;                       // reused: no heap memory once warm
//   for (size_t i = 0; i < store->patient_count(); ++i) {
//     store->read(i, patient, diagnostics);
//     for (const store::StoredVersion& version : patient.versions()) ...
//   }
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/diagnostic.h>
#include <vigil/snapshot.h>

namespace vigil::store {

/// Which datum told since when a version was known; the first that there is, in this order.
enum class KnownSource : uint8_t {
  kHistory,    ///< meta.lastUpdated: of a version from a history, and of any that came after another
  kIssued,     ///< issued: when the version was made available
  kRecorded,   ///< recordedDate, dateRecorded
  kAuthored,   ///< authoredOn: orders are known when written
  kFiled,      ///< a time of filing that the source has beside the resource
  kEffective,  ///< only when it was true: effective, performed, onset, period; the delay model applies to it
  kNone,       ///< no time at all
};
std::string_view name(KnownSource source);

/// One version of one resource. Views into the store or into the PatientVersions it was read into.
struct StoredVersion {
  std::string_view resource_type;
  std::string_view id;
  std::string_view full_url;  ///< Bundle.entry.fullUrl, by which others of the patient may refer to it; may be empty
  std::string_view json;      ///< FHIR R4 JSON of the resource, whole; readable 64 bytes beyond its end
  Instant clinical_from = kAlways;  ///< when it began to be true: effective, authoredOn, onset, period.start …
  Instant known_from = kAlways;     ///< as its source says, without a delay model; kAlways with kNone
  Instant known_to = kForever;      ///< when the next version of the resource was known, or it was deleted
  KnownSource known_source = KnownSource::kNone;
};

/// A resource type of which something was lost.
struct Degraded {
  std::string_view type;   ///< empty: it may be of any
  Instant from = kAlways;  ///< what was lost cannot have been known before; kAlways where nothing tells

  auto operator<=>(const Degraded&) const = default;
};

/// The versions of one patient, sorted by known_from, resource type, id, then content. Valid until the next read.
class PatientVersions {
 public:
  PatientVersions();
  ~PatientVersions();
  PatientVersions(PatientVersions&&) noexcept;
  PatientVersions& operator=(PatientVersions&&) noexcept;
  std::string_view patient_id() const;
  std::span<const StoredVersion> versions() const;
  /// Resource types of which a version was rejected though it is known to be this patient's. What is not in the
  /// versions may have been there. Sorted, each type once.
  std::span<const Degraded> degraded() const;

 private:
  friend class Store;
  struct Content;
  std::unique_ptr<Content> content_;
};

/// A store as an import left it: memory-mapped, immutable, patients sorted by id. Any number of threads may read, each
/// into a PatientVersions of its own; memory does not grow with the number of patients.
class Store {
 public:
  /// None, with VGL1301 to VGL1304 in the sink, where the folder is no store, is not finished, of another format, or
  /// its files do not fit its manifest.
  static std::optional<Store> open(const std::string& folder, DiagnosticSink& sink);
  ~Store();
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;

  size_t patient_count() const;
  std::string_view patient_id(size_t index) const;
  /// False, with VGL1305, where the patient's block is damaged (checksum); the patient then has no versions.
  bool read(size_t index, PatientVersions& patient, DiagnosticSink& sink) const;
  /// The index of a patient.
  std::optional<size_t> find(std::string_view patient_id) const;
  /// What is about no patient but referred to (Medication, Practitioner, Location …): its versions, sorted as those of
  /// a patient; none if absent or damaged. By "Type/id", or by the URN that a Bundle names it by, which leads to the
  /// versions that other Bundles hold of it too.
  void read_shared(std::string_view reference, std::vector<StoredVersion>& versions) const;
  /// Resource types of which something was rejected that may be any patient's: broken lines, resources that do not tell
  /// their patient. Sorted, each type once.
  std::span<const Degraded> degraded() const;
  /// Of the content: equal for equal patients and versions, however they were imported.
  const std::string& digest() const;

 private:
  struct Content;
  explicit Store(std::unique_ptr<Content> content);
  std::unique_ptr<Content> content_;
};

}  // namespace vigil::store
