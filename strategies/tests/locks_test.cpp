#include <gtest/gtest.h>

#include <chrono>
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "strategies/locks/poll_wait.hpp"
#include "strategies/locks/posix_semaphore.hpp"
#include "strategies/locks/writer_preferring_mutex.hpp"
#include "strategies/tests/test_scale.hpp"

namespace lockbench {
namespace {

using namespace std::chrono_literals;
using testing_support::after;
using testing_support::eventually;
using testing_support::far_ahead;

TEST(WriterPreferringMutexTest, readers_share_and_writers_do_not) {
  WriterPreferringMutex mutex;
  {
    const std::shared_lock reader{mutex};
    EXPECT_TRUE(mutex.try_lock_shared());
    mutex.unlock_shared();
    EXPECT_FALSE(mutex.try_lock());
  }
  const std::lock_guard writer{mutex};
  std::thread{[&] {
    EXPECT_FALSE(mutex.try_lock());
    EXPECT_FALSE(mutex.try_lock_shared());
  }}.join();
}

TEST(WriterPreferringMutexTest, a_waiting_writer_keeps_new_readers_out) {
  WriterPreferringMutex mutex;
  mutex.lock_shared();
  std::thread writer{[&] { const std::lock_guard guard{mutex}; }};
  // Readers get in until the writer has begun to wait, and none does after that.
  EXPECT_TRUE(eventually([&] {
    bool kept_out = false;
    std::thread{[&] {
      kept_out = !mutex.try_lock_shared();
      if (!kept_out) mutex.unlock_shared();
    }}.join();
    return kept_out;
  }));
  mutex.unlock_shared();
  writer.join();
  EXPECT_TRUE(mutex.try_lock_shared());
  mutex.unlock_shared();
}

TEST(PosixSemaphoreTest, gives_out_as_many_permits_as_were_released) {
  PosixSemaphore semaphore;
  EXPECT_FALSE(semaphore.try_acquire());
  semaphore.release();
  semaphore.release();
  EXPECT_TRUE(semaphore.try_acquire());
  EXPECT_TRUE(semaphore.try_acquire());
  EXPECT_FALSE(semaphore.try_acquire());
}

TEST(PosixSemaphoreTest, waits_until_the_deadline_and_no_longer) {
  PosixSemaphore semaphore;
  const auto deadline = after(20ms);
  EXPECT_FALSE(semaphore.try_acquire_until(deadline));
  EXPECT_GE(std::chrono::steady_clock::now(), deadline);
  EXPECT_FALSE(semaphore.try_acquire_until(Deadline::min()));
}

TEST(PosixSemaphoreTest, a_permit_is_given_out_even_after_the_deadline) {
  PosixSemaphore semaphore;
  semaphore.release();
  EXPECT_TRUE(semaphore.try_acquire_until(Deadline::min()));
}

TEST(PosixSemaphoreTest, a_release_wakes_who_waits_without_a_deadline) {
  PosixSemaphore semaphore;
  std::thread waiter{[&] { EXPECT_TRUE(semaphore.try_acquire_until(Deadline::max())); }};
  std::this_thread::sleep_for(5ms);
  semaphore.release();
  waiter.join();
}

TEST(PollWaitTest, ends_at_the_deadline) {
  PollWait wait;
  const auto deadline = after(20ms);
  while (wait.pause_until(deadline)) ASSERT_LT(std::chrono::steady_clock::now(), far_ahead());
  EXPECT_GE(std::chrono::steady_clock::now(), deadline);
  EXPECT_FALSE(wait.pause_until(Deadline::min()));
}

TEST(PollWaitTest, sleeps_most_of_a_long_wait) {
  PollWait wait;
  int looks = 0;
  for (const auto deadline = after(100ms); wait.pause_until(deadline);) ++looks;
  // About 8 spins, 16 yields, 5 growing sleeps and 100 of the longest.
  EXPECT_LT(looks, 200);
}

}  // namespace
}  // namespace lockbench
