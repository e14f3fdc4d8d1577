#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "strategies/storage/lazy_array.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

/// The payloads of all tasks, each at its slot. Unsynchronised; allocates only when constructed.
class PayloadSlab {
public:
  explicit PayloadSlab(QueueLimits limits)
      : stride_{limits.payload_bytes}, bytes_{std::size_t{limits.capacity} * stride_} {}

  /// `payload` must fit in `payload_bytes`.
  void write(std::uint32_t slot, Payload payload) noexcept {
    if (!payload.empty()) std::memcpy(at(slot), payload.data(), payload.size());
  }
  /// The first `size` bytes at `slot`; good until they are written again.
  Payload view(std::uint32_t slot, std::size_t size) noexcept { return {at(slot), size}; }

private:
  std::byte* at(std::uint32_t slot) noexcept { return bytes_.data() + slot * stride_; }

  std::size_t stride_;
  LazyArray<std::byte> bytes_;
};

}  // namespace lockbench
