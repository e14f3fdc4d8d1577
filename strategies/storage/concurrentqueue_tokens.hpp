#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "strategies/storage/concurrentqueue_package.hpp"
#include "strategies/storage/library_call.hpp"
#include "strategies/storage/tagged_link.hpp"
#include "strategies/storage/thread_index.hpp"

namespace lockbench {

/// The package's defaults, but with indices that are large enough from the start, so that they do not
/// grow while measured. They hold up to 32,768 tasks of one thread. Beyond that they double. They
/// also double where a take is held up while it removes an element, and the thread that added the
/// element adds that many more.
struct MoodycamelTraits : moodycamel::ConcurrentQueueDefaultTraits {
  static constexpr std::size_t EXPLICIT_INITIAL_INDEX_SIZE = 1024;
};

/// moodycamel::ConcurrentQueue of record indices. Each thread uses it by tokens of its own, a
/// producer's and a consumer's, as the package recommends: a push then need not look its thread up,
/// and pops of several threads begin at queues of different adding threads.
///
/// The tokens belong to the queue, a pair for each `ThreadIndex`, and are made when first needed. A
/// thread that ends leaves them to the next one with its index, so the package keeps as many queues
/// as threads were there at once. A thread without an index does without tokens.
///
/// The first push of an index allocates. Later ones do not while the blocks last that the
/// constructor allocates: for `capacity` elements, and two more for each thread. But each adding
/// thread's queue keeps the blocks of its longest backlog.
template <class QueueTraits>
class MoodycamelQueue {
public:
  explicit MoodycamelQueue(std::uint32_t capacity) : queue_{capacity, 0, ThreadIndex::most} {}

  /// Fails only for want of memory.
  bool enqueue(RecordIndex index) {
    const auto thread = ThreadIndex::mine();
    const LibraryCall call;
    if (thread == ThreadIndex::none) return queue_.enqueue(index);
    auto& token = tokens_[thread].producer;
    if (!token) [[unlikely]] {
      token.emplace(queue_);
      if (!token->valid()) {
        token.reset();
        return false;
      }
    }
    return queue_.enqueue(*token, index);
  }

  bool try_dequeue(RecordIndex& index) {
    const auto thread = ThreadIndex::mine();
    const LibraryCall call;
    if (thread == ThreadIndex::none) return queue_.try_dequeue(index);
    auto& token = tokens_[thread].consumer;
    if (!token) [[unlikely]] {
      token.emplace(queue_);
    }
    return queue_.try_dequeue(*token, index);
  }

  [[nodiscard]] std::size_t size_approx() const {
    const LibraryCall call;
    return queue_.size_approx();
  }

private:
  /// Of one thread at a time.
  struct alignas(128) Tokens {
    std::optional<moodycamel::ProducerToken> producer;
    std::optional<moodycamel::ConsumerToken> consumer;
  };

  moodycamel::ConcurrentQueue<RecordIndex, QueueTraits> queue_;
  std::array<Tokens, ThreadIndex::most> tokens_{};
};

}  // namespace lockbench
