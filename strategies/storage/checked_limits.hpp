#pragma once

#include <stdexcept>
#include <string>

#include "strategies/task_queue.hpp"

namespace lockbench {

/// `limits` itself; throws `std::invalid_argument` when they are not such as a queue may have.
inline QueueLimits checked(QueueLimits limits) {
  if (limits.capacity == 0 || limits.capacity > QueueLimits::max_capacity) {
    throw std::invalid_argument("queue capacity is " + std::to_string(limits.capacity) +
                                " tasks; it must be 1 to " +
                                std::to_string(QueueLimits::max_capacity));
  }
  if (limits.payload_bytes > QueueLimits::max_payload_bytes) {
    throw std::invalid_argument("payload_bytes is " + std::to_string(limits.payload_bytes) +
                                "; it must be at most " +
                                std::to_string(QueueLimits::max_payload_bytes));
  }
  return limits;
}

}  // namespace lockbench
