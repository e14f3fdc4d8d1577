#pragma once

#include <pthread.h>

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>

namespace lockbench {

/// A small number for each living thread, so that a structure can keep a part of itself for each
/// thread: the lowest number that no other living thread has. A thread that gets the number of one
/// that has ended sees everything that one did, so both may use the same part without a lock.
///
/// Lock-free. Allocates nothing. After a thread's first call, `mine` is one read of a variable.
class ThreadIndex {
public:
  /// So many threads have a number at once: 0 … most - 1.
  static constexpr std::uint32_t most = 128;
  /// What threads beyond those get, for as long as they live. It is no number of a single thread.
  static constexpr std::uint32_t none = most;

  [[nodiscard]] static std::uint32_t mine() noexcept {
    if (mine_ == not_asked) [[unlikely]] {
      claim();
    }
    return mine_;
  }

private:
  static constexpr std::uint32_t not_asked = none + 1;
  static constexpr std::uint32_t word_bits = 64;

  /// Gives the number back when a thread ends. A key of POSIX and not the destructor of a
  /// thread-local object, for which glibc allocates memory, and aborts where there is none.
  class EndOfThread {
  public:
    EndOfThread() noexcept : exists_{pthread_key_create(&key_, &give_back) == 0} {}
    /// False if this thread's end will not be noticed.
    [[nodiscard]] bool will_be_noticed() const noexcept {
      return exists_ && pthread_setspecific(key_, &mine_) == 0;
    }

  private:
    pthread_key_t key_{};
    bool exists_;
  };

  static void claim() noexcept {
    static const EndOfThread end;
    mine_ = end.will_be_noticed() ? take_lowest() : none;
  }

  static std::uint32_t take_lowest() noexcept {
    for (std::uint32_t first = 0; first < most; first += word_bits) {
      auto& word = taken_[first / word_bits];
      for (auto seen = word.load(std::memory_order_relaxed); ~seen != 0;) {
        const auto bit = static_cast<std::uint32_t>(std::countr_one(seen));
        // (1) acquire: pairs with (2), so this thread sees what the last owner did.
        if (word.compare_exchange_weak(seen, seen | std::uint64_t{1} << bit,
                                       std::memory_order_acquire, std::memory_order_relaxed)) {
          return first + bit;
        }
      }
    }
    return none;
  }

  static void give_back(void* /*mine*/) noexcept {
    const auto index = mine_;
    mine_ = not_asked;  // a later destructor of this thread that uses a queue claims again
    if (index >= most) return;
    const auto bit = std::uint64_t{1} << index % word_bits;
    taken_[index / word_bits].fetch_and(~bit, std::memory_order_release);  // (2) pairs with (1)
  }

  static inline std::array<std::atomic<std::uint64_t>, most / word_bits> taken_{};
  constinit static inline thread_local std::uint32_t mine_ = not_asked;
};

}  // namespace lockbench
