#pragma once

#include <atomic>
#include <cstdint>

namespace lockbench {

/// A 64-bit atomic that begins as zero bytes, so that a `LazyArray` of them is ready untouched;
/// `std::atomic` would have to be constructed, and every page of the array written for it.
class AtomicWord {
public:
  [[nodiscard]] std::uint64_t load(std::memory_order order) const noexcept {
    return word().load(order);
  }
  void store(std::uint64_t value, std::memory_order order) noexcept { word().store(value, order); }

  /// Acquires and releases on success. On failure acquires, and `expected` becomes what was found.
  bool compare_exchange(std::uint64_t& expected, std::uint64_t desired) noexcept {
    return word().compare_exchange_strong(expected, desired, std::memory_order_acq_rel,
                                          std::memory_order_acquire);
  }
  /// Acquires and releases; returns what was there before.
  std::uint64_t fetch_or(std::uint64_t bits) noexcept {
    return word().fetch_or(bits, std::memory_order_acq_rel);
  }

private:
  using Ref = std::atomic_ref<std::uint64_t>;
  static_assert(Ref::is_always_lock_free);

  [[nodiscard]] Ref word() const noexcept { return Ref{value_}; }

  alignas(Ref::required_alignment) mutable std::uint64_t value_;  // mutable: atomic_ref wants it so
};

}  // namespace lockbench
