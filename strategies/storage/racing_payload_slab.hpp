#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>
#include <optional>

#include "strategies/storage/access.hpp"
#include "strategies/storage/lazy_array.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

/// A `PayloadSlab` that several threads use unsynchronised. Views are read plainly, so a view of
/// shared bytes that another thread may overwrite would be undefined behaviour. Each thread gets a
/// view of a copy of its own instead, at the same slot of its own lane: so what a view shows may be
/// a mixture, but it changes only when the same thread takes a task from the same slot again.
class RacingPayloadSlab {
public:
  explicit RacingPayloadSlab(QueueLimits limits)
      : stride_{limits.payload_bytes}, bytes_{std::size_t{limits.capacity} * stride_} {}

  void write(std::uint32_t slot, Payload payload) noexcept {
    std::size_t index = slot * stride_;
    for (const std::byte value : payload) RelaxedAccess::store(bytes_[index++], value);
  }

  /// Empty for a thread that has no lane. Allocates at a thread's first call.
  Payload view(std::uint32_t slot, std::size_t size) noexcept {
    std::byte* const lane = my_lane();
    if (lane == nullptr) return {};
    const std::size_t begin = slot * stride_;
    for (std::size_t i = begin; i < begin + size; ++i) lane[i] = RelaxedAccess::load(bytes_[i]);
    return {lane + begin, size};
  }

private:
  struct Lane {
    std::atomic<std::uint64_t> owner{0};
    std::optional<LazyArray<std::byte>> bytes;  // touched by the owner only
  };

  /// Never 0, and never used again, since a view may outlive the thread that it was made for.
  static std::uint64_t my_number() noexcept {
    static std::atomic<std::uint64_t> threads{0};
    static thread_local const std::uint64_t mine = ++threads;
    return mine;
  }

  std::byte* my_lane() noexcept {
    const auto me = my_number();
    for (std::size_t probe = 0; probe < lanes_.size(); ++probe) {
      auto& lane = lanes_[(me + probe) % lanes_.size()];
      auto owner = lane.owner.load(std::memory_order_relaxed);
      // Relaxed: a lane never changes hands, so there is nothing to hand over.
      if (owner == 0 && lane.owner.compare_exchange_strong(owner, me, std::memory_order_relaxed)) {
        return furnish(lane);
      }
      if (owner == me) return lane.bytes ? lane.bytes->data() : nullptr;
    }
    return nullptr;
  }

  std::byte* furnish(Lane& lane) noexcept {
    try {
      return lane.bytes.emplace(bytes_.size()).data();
    } catch (const std::bad_alloc&) {
      return nullptr;
    }
  }

  std::size_t stride_;
  LazyArray<std::byte> bytes_;
  std::array<Lane, 64> lanes_;
};

}  // namespace lockbench
