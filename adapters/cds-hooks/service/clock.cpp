// SPDX-License-Identifier: Apache-2.0
// The clock as a DateTime.
#include "cds-hooks/service/clock.h"

#include <algorithm>
#include <ctime>

namespace vigil::hooks {

Temporal clock_now() {
  timespec clock{};
  clock_gettime(CLOCK_REALTIME, &clock);
  std::tm local{};
  localtime_r(&clock.tv_sec, &local);
  Temporal now;
  now.year = static_cast<int16_t>(local.tm_year + 1900);
  now.month = static_cast<uint8_t>(local.tm_mon + 1);
  now.day = static_cast<uint8_t>(local.tm_mday);
  now.hour = static_cast<uint8_t>(local.tm_hour);
  now.minute = static_cast<uint8_t>(local.tm_min);
  now.second = static_cast<uint8_t>(std::min(local.tm_sec, 59));
  now.millisecond = static_cast<uint16_t>(clock.tv_nsec / 1'000'000);
  now.precision = Precision::kMillisecond;
  now.offset_minutes = static_cast<int16_t>(local.tm_gmtoff / 60);
  return now;
}

}  // namespace vigil::hooks
