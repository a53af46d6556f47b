// SPDX-License-Identifier: Apache-2.0
// A queue and its threads.
#include "cds-hooks/service/wait_pool.h"

namespace vigil::hooks {

WaitPool::WaitPool(size_t threads, size_t max_waiting) : max_waiting_(max_waiting) {
  for (size_t i = 0; i < threads; ++i) threads_.emplace_back([this, i] { run(i); });
}

WaitPool::~WaitPool() {
  {
    const std::scoped_lock lock(mutex_);
    ends_ = true;
  }
  wakes_.notify_all();
  for (auto& thread : threads_) thread.join();
}

bool WaitPool::post(Job job) {
  {
    const std::scoped_lock lock(mutex_);
    if (jobs_.size() >= max_waiting_) return false;
    jobs_.push_back(std::move(job));
  }
  wakes_.notify_one();
  return true;
}

size_t WaitPool::waiting() const {
  const std::scoped_lock lock(mutex_);
  return jobs_.size();
}

void WaitPool::run(size_t thread) {
  for (;;) {
    std::unique_lock lock(mutex_);
    wakes_.wait(lock, [this] { return ends_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    const Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job(thread);
  }
}

}  // namespace vigil::hooks
