// SPDX-License-Identifier: Apache-2.0
// Ids of requests: the trace's of the caller, or new ones.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vigil::hooks {

/// The trace id of a `traceparent` header (W3C Trace Context, section 3.2): 32 lower-case hex digits, not all zero;
/// empty where the header is none. Nothing else of what a client sends goes into logs.
std::string trace_id_of(std::string_view trace_parent);

/// Ids of requests that bring none: 32 hex digits, unique among instances.
class RequestIds {
 public:
  RequestIds();
  std::string next();

 private:
  uint64_t instance_;
  uint64_t count_ = 0;
};

}  // namespace vigil::hooks
