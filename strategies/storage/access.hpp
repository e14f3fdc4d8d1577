#pragma once

/// How the shared storage touches its own words. Under a lock it touches them plainly, at no cost.
/// Without one, as in the `unsafe` strategy, each word is a relaxed atomic: threads may then ruin
/// the data, which is the point, but every read finds some value that was written, indices are
/// checked before use, and loops that only sound data would end are cut short.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <type_traits>

namespace lockbench {

__extension__ using Uint128 = unsigned __int128;

/// For storage that one thread at a time writes, and none reads meanwhile.
struct PlainAccess {
  static constexpr bool racing = false;

  template <class T>
  static T load(const T& word) noexcept {
    return word;
  }
  template <class T>
  static void store(T& word, std::type_identity_t<T> value) noexcept {
    word = value;
  }

  /// 128 bits in memory. A number, not two: gcc 12 would fetch two as a vector, and take longer to
  /// take that apart than the heap takes to compare.
  using Wide = Uint128;
  static Uint128 load_wide(const Wide& wide) noexcept { return wide; }
  static void store_wide(Wide& wide, Uint128 value) noexcept { wide = value; }

  /// Comes between looking at a task's status and changing it.
  static void between_check_and_act() noexcept {}

  /// Bounds a loop that sound data ends by itself: here it never has to.
  class Fuse {
  public:
    explicit Fuse(std::size_t /*turns*/) noexcept {}
    static constexpr bool blown() noexcept { return false; }
  };
};

/// For storage that several threads use at once, unsynchronised.
struct RelaxedAccess {
  static constexpr bool racing = true;

  template <class T>
  static T load(const T& word) noexcept {
    // The storage behind a const view is never const itself, so the cast is sound.
    return std::atomic_ref<T>(const_cast<T&>(word)).load(std::memory_order_relaxed);
  }
  template <class T>
  static void store(T& word, std::type_identity_t<T> value) noexcept {
    std::atomic_ref<T>(word).store(value, std::memory_order_relaxed);
  }

  /// Two words, since no lock-free atomic is wider: a race may pair halves of different values.
  struct Wide {
    std::uint64_t high;
    std::uint64_t low;
  };
  static Uint128 load_wide(const Wide& wide) noexcept {
    return (Uint128{load(wide.high)} << 64U) | load(wide.low);
  }
  static void store_wide(Wide& wide, Uint128 value) noexcept {
    store(wide.high, static_cast<std::uint64_t>(value >> 64U));
    store(wide.low, static_cast<std::uint64_t>(value));
  }

  /// A thread may lose its CPU anywhere. Here it gives it up now and then, so that what happens next
  /// shows within milliseconds on any machine, even one of a single CPU. Seldom enough to cost
  /// nothing; a prime, so as not to fall on the same call of a caller's loop each time.
  static void between_check_and_act() noexcept {
    constexpr unsigned period = 499;
    static thread_local unsigned passes = 0;
    if (++passes % period == 0) std::this_thread::yield();
  }

  class Fuse {
  public:
    explicit Fuse(std::size_t turns) noexcept : turns_left_{turns} {}
    bool blown() noexcept { return turns_left_-- == 0; }

  private:
    std::size_t turns_left_;
  };
};

}  // namespace lockbench
