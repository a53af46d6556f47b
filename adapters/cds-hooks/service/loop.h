// SPDX-License-Identifier: Apache-2.0
// One thread's loop with its connections, and the watch over those that take too long. Included by session.h alone.
#pragma once

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <list>

namespace vigil::hooks {

namespace asio = boost::asio;
using LoopExecutor = asio::io_context::executor_type;
using LoopClock = std::chrono::steady_clock;

class AnySession {
 public:
  virtual ~AnySession() = default;
  /// Closes the connection if it waits for a request; else after the response under way.
  virtual void close_when_idle() = 0;
  /// Closes the connection if its time is over.
  virtual void check_deadline(LoopClock::time_point now) = 0;
};

/// Used on its thread only, but for `context`. One timer for all connections: one each for every read and write would
/// cost a call more than reading its request.
struct Loop {
  using Sessions = std::list<AnySession*>;

  Sessions::iterator add(AnySession* session) {
    const auto place = sessions.insert(sessions.end(), session);
    if (!is_watching) watch();
    return place;
  }
  void watch() {
    is_watching = !sessions.empty();
    if (!is_watching) return;
    timer.expires_after(kTick);
    timer.async_wait([this](boost::system::error_code error) {
      if (error) return;
      const auto now = LoopClock::now();
      for (auto* session : sessions) session->check_deadline(now);  // none ends here: handlers come later
      watch();
    });
  }

  /// By so much a connection may outstay its time.
  static constexpr std::chrono::milliseconds kTick{100};
  size_t index = 0;
  bool closing = false;
  bool is_watching = false;
  Sessions sessions;  ///< outlives the context, whose end ends them
  asio::io_context context{1};
  asio::basic_waitable_timer<LoopClock, asio::wait_traits<LoopClock>, LoopExecutor> timer{context};
};

}  // namespace vigil::hooks
