// SPDX-License-Identifier: Apache-2.0
// Threads for work that waits for others, so that the loops never do.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace vigil::hooks {

/// Runs jobs on a few threads, with a bounded queue.
class WaitPool {
 public:
  using Job = std::function<void(size_t thread)>;

  WaitPool(size_t threads, size_t max_waiting);
  ~WaitPool();  ///< finishes what waits

  /// False where too many wait already.
  bool post(Job job);
  size_t waiting() const;

 private:
  void run(size_t thread);

  mutable std::mutex mutex_;
  std::condition_variable wakes_;
  std::deque<Job> jobs_;
  size_t max_waiting_;
  bool ends_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace vigil::hooks
