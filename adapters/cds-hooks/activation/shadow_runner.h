// SPDX-License-Identifier: Apache-2.0
// Evaluates a candidate on calls that were answered by the pack in force, on a thread of its own, and records where
// they differ.
#pragma once

#include <memory>

#include "cds-hooks/activation/shadow_store.h"
#include "cds-hooks/service/shadow_sink.h"

namespace vigil::hooks {

class ShadowRunner : public ShadowSink {
 public:
  /// `store` may be null: then disagreements are only counted. At most `max_queue` calls wait; what comes then is
  /// counted and dropped, since answers go before.
  ShadowRunner(std::unique_ptr<ShadowStore> store, size_t max_queue, ProtocolOptions options);
  ~ShadowRunner() override;  ///< finishes what waits

  void offer(Request request, ShadowSample sample) override;
  ShadowCounts counts() const override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vigil::hooks
