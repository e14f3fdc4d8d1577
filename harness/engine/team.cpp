#include "harness/engine/team.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <sched.h>

#include <cstring>
#include <system_error>

#include "harness/base/errors.hpp"
#include "harness/base/thread_affinity.hpp"

namespace lockbench {
namespace {

void pin_or_throw(std::thread& thread, int cpu) {
  const int error = pin(thread.native_handle(), cpu);
  if (error == 0) return;
  throw failure(fmt::format("cannot pin a thread to CPU {}: {}; try --pinning none", cpu,
                            std::generic_category().message(error)));
}

}  // namespace

Team::Team(std::vector<int> cpus) noexcept : cpus_(std::move(cpus)) {}

Team::Team(std::uint32_t threads, std::vector<int> cpus) : Team(std::move(cpus)) {
  threads_.reserve(threads);
  try {
    for (std::uint32_t i = 0; i < threads; ++i) {
      threads_.emplace_back([this, i] { serve(i); });
      if (!cpus_.empty()) pin_or_throw(threads_.back(), cpus_[i % cpus_.size()]);
    }
  } catch (const std::system_error& error) {
    throw failure(fmt::format("cannot start thread {} of {}: {}", threads_.size() + 1, threads,
                              error.what()));
  }
}

Team::~Team() {
  job_ = nullptr;
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void Team::start(const std::function<void(std::uint32_t)>& job) {
  job_ = &job;
  busy_.store(size(), std::memory_order_relaxed);
  round_.fetch_add(1, std::memory_order_release);  // (1) publishes job_ and busy_ to (2)
  round_.notify_all();
}

void Team::finish() {
  // (4) acquire: pairs with (3), so all that the threads wrote is visible to the coordinator.
  for (auto busy = busy_.load(std::memory_order_acquire); busy != 0;
       busy = busy_.load(std::memory_order_acquire)) {
    busy_.wait(busy, std::memory_order_acquire);
  }
}

void Team::serve(std::uint32_t index) {
  for (std::uint32_t served = 0;;) {
    round_.wait(served, std::memory_order_acquire);
    served = round_.load(std::memory_order_acquire);  // (2) pairs with (1)
    if (job_ == nullptr) return;
    (*job_)(index);
    if (busy_.fetch_sub(1, std::memory_order_acq_rel) == 1) busy_.notify_one();  // (3)
  }
}

}  // namespace lockbench
