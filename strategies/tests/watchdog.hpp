#pragma once

/// A lost wake-up shows as a thread that waits for ever: no test may do that silently.

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>

#include "strategies/tests/test_scale.hpp"

namespace lockbench::testing_support {

/// Aborts the process, naming `what`, unless it is destroyed within `limit`.
class Watchdog {
public:
  Watchdog(std::string what, std::chrono::seconds limit)
      : thread_{[this, what = std::move(what), limit] { watch(what, limit); }} {}

  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  ~Watchdog() {
    {
      const std::lock_guard lock{mutex_};
      finished_ = true;
    }
    bell_.notify_one();
    thread_.join();
  }

private:
  void watch(const std::string& what, std::chrono::seconds limit) {
    std::unique_lock lock{mutex_};
    if (bell_.wait_for(lock, limit, [this] { return finished_; })) return;
    std::fprintf(stderr, "watchdog: %s still runs after %lld s; aborting\n", what.c_str(),
                 static_cast<long long>(limit.count()));
    std::abort();
  }

  std::mutex mutex_;
  std::condition_variable bell_;
  bool finished_ = false;
  std::thread thread_;  // last: it uses the others
};

/// A test that is aborted, by name, when it hangs.
class WatchedTest : public testing::Test {
private:
  static std::string current_test() {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    return std::string{info->test_suite_name()} + "." + info->name();
  }

  Watchdog watchdog_{current_test(), test_limit};
};

}  // namespace lockbench::testing_support
