// SPDX-License-Identifier: Apache-2.0
// Of all that was read of one patient: which are versions of one resource, since when each was known, what contradicts.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "store/import_log.h"
#include "store/record.h"
#include "store/store.h"

namespace vigil::store {

/// The result; views are of the records.
struct ResolvedPatient {
  std::vector<StoredVersion> versions;  ///< sorted as PatientVersions says
  std::vector<Degraded> degraded;       ///< sorted, each type once
};

/// Tells the records of one patient apart, whatever their order. Equal texts of one resource are one. Several texts are
/// versions where each has a meta.lastUpdated (or lastModified of its history entry) of its own; else nobody can say
/// which holds, so all are rejected (VGL1005) and the type is degraded. The first of them was known since it would be
/// alone, unless its source tells histories: a later version moves nothing before itself. A deletion ends what was
/// known before it; one without a time degrades the type.
class VersionResolver {
 public:
  void resolve(const std::vector<Record>& records, ResolvedPatient& patient, ImportLog& log);
  /// Versions kept so far by KnownSource.
  const std::array<uint64_t, 7>& known_sources() const { return known_sources_; }

 private:
  void resolve_resource(std::span<const Record* const> records, ResolvedPatient& patient, ImportLog& log);
  void reject(std::span<const Record* const> versions, ResolvedPatient& patient, ImportLog& log);

  std::array<uint64_t, 7> known_sources_{};
  struct Sorted {
    uint64_t identity = 0;  ///< of the record
    const Record* record = nullptr;
  };
  struct Placed {
    Instant known_from = 0;  ///< of the version
    uint32_t number = 0;
  };
  void sort(ResolvedPatient& patient);

  std::vector<Sorted> sorted_;
  std::vector<const Record*> of_resource_;
  std::vector<Placed> places_;
  std::vector<StoredVersion> unsorted_;
  std::vector<const Record*> distinct_;
  std::vector<const Record*> deletions_;
};

}  // namespace vigil::store
