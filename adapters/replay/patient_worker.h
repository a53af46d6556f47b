// SPDX-License-Identifier: Apache-2.0
// What is done with each patient of a store: a replay, a comparison.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "replay/row_buffer.h"

namespace vigil::replay {

/// One a thread; keeps its memory from patient to patient.
class PatientWorker {
 public:
  virtual ~PatientWorker() = default;
  /// Adds the rows of the patient of this index in the store.
  virtual void work(size_t patient, RowBuffer& rows) = 0;
  /// Adds what was counted since the last part, as rows of tables that are summed.
  virtual void finish_part(RowBuffer& rows) = 0;
};

using WorkerMaker = std::function<std::unique_ptr<PatientWorker>()>;

}  // namespace vigil::replay
