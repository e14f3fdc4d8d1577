#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "strategies/storage/atomic_word.hpp"
#include "strategies/storage/lazy_array.hpp"
#include "strategies/storage/lock_free_task_queue.hpp"
#include "strategies/storage/tagged_link.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench::mutants {

/// What the lock-free original claims, and every mutant of it too.
constexpr StrategyTraits claims_lock_free(std::string_view name,
                                          std::string_view summary) noexcept {
  return {.name = name,
          .summary = summary,
          .ordering = Ordering::fifo,
          .progress = Progress::lock_free,
          .waits = Waits::never,
          .task_wait = TaskWait::polls,
          .source = "planted",
          .tags = {"lockfree"},
          .consistency = Consistency::per_task};
}

/// The queue of Michael & Scott (1996) as a `RecordFifo`: a list of nodes that begins with a dummy.
/// Nodes are indices of one array; the free ones form a stack (Treiber, 1986). Every link is tagged.
///
/// A mutant derives from it as `NodeFifo<Mutant>` and replaces a step that is called through
/// `self()`. So that a ruined list cannot keep a thread for ever, each call gives up after a number
/// of turns that a sound list is never near.
template <class Mutant>
class NodeFifo {
public:
  explicit NodeFifo(std::uint32_t capacity)
      : nodes_{std::size_t{capacity} + first_node + 1}, end_{capacity + first_node + 1} {
    const auto dummy = acquire();
    head_.store(TaggedLink{}.to(dummy).word(), std::memory_order_relaxed);
    tail_.store(TaggedLink{}.to(dummy).word(), std::memory_order_relaxed);
  }

  bool try_push(RecordIndex value) {
    const auto node = acquire();
    if (node == no_node) return false;
    nodes_[node].value.store(value, std::memory_order_relaxed);
    const TaggedLink old = link_of(node);
    nodes_[node].link.store(old.to(no_node).word(), std::memory_order_relaxed);
    for (unsigned turn = 0; turn != longest_try; ++turn) {
      const TaggedLink tail{tail_.load(std::memory_order_acquire)};
      const auto next = link_of(tail.index());
      if (tail_.load(std::memory_order_relaxed) != tail.word()) continue;
      if (next.index() != no_node) {
        (void)lead(tail_, tail, next.index());  // for the thread that has not come to it yet
      } else if (auto found = next.word(); nodes_[tail.index()].link.compare_exchange(
                     found, next.to(node).word())) {  // (1) releases the node: pairs with (2)
        (void)lead(tail_, tail, node);
        return true;
      }
    }
    return false;
  }

  std::optional<RecordIndex> try_pop() {
    RecordIndex value = no_record;
    for (unsigned turn = 0; turn != longest_try; ++turn) {
      switch (pop_once(value)) {
        case Pop::done: return value;
        case Pop::empty: return std::nullopt;
        case Pop::lost: break;
      }
    }
    return std::nullopt;
  }

protected:
  enum class Pop : std::uint8_t { done, empty, lost };
  using NodeIndex = std::uint32_t;
  static constexpr NodeIndex no_node = 0;
  static constexpr NodeIndex first_node = 1;
  static constexpr unsigned longest_try = 100'000;

  struct Node {
    AtomicWord link;       ///< a `TaggedLink`: the next in the queue
    AtomicWord value;      ///< of the node before the one that leads here: the first is a dummy
    AtomicWord next_free;  ///< while the node is free; 0: the one after it, by index
  };

  /// `lost` when another thread was faster.
  Pop pop_once(RecordIndex& value) {
    const TaggedLink head{head_.load(std::memory_order_acquire)};
    const TaggedLink tail{tail_.load(std::memory_order_acquire)};
    const auto next = link_of(head.index());
    if (head_.load(std::memory_order_relaxed) != head.word()) return Pop::lost;
    if (next.index() == no_node) return Pop::empty;
    if (head.index() == tail.index()) {
      (void)lead(tail_, tail, next.index());
      return Pop::lost;
    }
    return self().take_next(head, next.index(), value) ? Pop::done : Pop::lost;
  }

  /// Makes the node after `head` the dummy, and gets its value; false if `head` has changed.
  bool take_next(TaggedLink head, NodeIndex next, RecordIndex& value) {
    // Before the exchange: afterwards another pop may free the node.
    value = value_of(next);
    if (!move_head(head, next)) return false;
    release(head.index());
    return true;
  }
  bool move_head(TaggedLink head, NodeIndex next) noexcept { return lead(head_, head, next); }

  NodeIndex acquire() {
    TaggedLink head{free_.load(std::memory_order_acquire)};
    for (unsigned turn = 0; turn != longest_try && head.index() != end_; ++turn) {
      const auto next = nodes_[head.index()].next_free.load(std::memory_order_relaxed);
      self().between_look_and_exchange();
      const auto after = next == 0 ? head.index() + 1 : static_cast<NodeIndex>(next);
      auto found = head.word();
      const auto desired = Mutant::free_link(head, after).word();
      if (free_.compare_exchange_strong(found, desired, std::memory_order_acq_rel)) {
        return head.index();
      }
      head = TaggedLink{found};
    }
    return no_node;
  }
  void release(NodeIndex node) {
    TaggedLink head{free_.load(std::memory_order_acquire)};
    for (;;) {
      nodes_[node].next_free.store(head.index(), std::memory_order_relaxed);
      auto found = head.word();
      const auto desired = Mutant::free_link(head, node).word();
      if (free_.compare_exchange_strong(found, desired, std::memory_order_acq_rel)) return;
      head = TaggedLink{found};
    }
  }
  /// What to write over `old` at the head of the free list.
  static TaggedLink free_link(TaggedLink old, NodeIndex to) noexcept { return old.to(to); }
  void between_look_and_exchange() noexcept {}

  /// False if `word` is not `from` any more.
  static bool lead(std::atomic<std::uint64_t>& word, TaggedLink from, NodeIndex to) noexcept {
    auto found = from.word();
    return word.compare_exchange_strong(found, from.to(to).word(), std::memory_order_acq_rel);
  }
  [[nodiscard]] TaggedLink link_of(NodeIndex node) const noexcept {
    return TaggedLink{nodes_[node].link.load(std::memory_order_acquire)};  // (2) pairs with (1)
  }
  [[nodiscard]] RecordIndex value_of(NodeIndex node) const noexcept {
    return static_cast<RecordIndex>(nodes_[node].value.load(std::memory_order_relaxed));
  }
  [[nodiscard]] Mutant& self() noexcept { return static_cast<Mutant&>(*this); }

private:
  LazyArray<Node> nodes_;  // [0] is unused
  NodeIndex end_;
  alignas(64) std::atomic<std::uint64_t> free_{TaggedLink{}.to(first_node).word()};
  alignas(64) std::atomic<std::uint64_t> head_{0};
  alignas(64) std::atomic<std::uint64_t> tail_{0};
};

class OriginalFifo : public NodeFifo<OriginalFifo> {
public:
  using NodeFifo::NodeFifo;
};

/// A ruined list may give out an index twice. `LockFreeTaskQueue` is not made for that: it would free
/// the record twice, and end up with lists that lead in circles. So each index is given out once for
/// each time it went in, and what a mutant gets wrong shows as tasks that are lost or out of turn.
template <class Fifo>
class EachOnce {
public:
  explicit EachOnce(std::uint32_t capacity) : inside_{std::size_t{capacity} + 1}, fifo_{capacity} {}

  bool try_push(RecordIndex index) {
    std::uint64_t outside = 0;
    (void)inside_[index].compare_exchange(outside, 1);
    return fifo_.try_push(index);
  }
  std::optional<RecordIndex> try_pop() {
    for (std::size_t turn = 0; turn != 2 * inside_.size(); ++turn) {
      const auto index = fifo_.try_pop();
      if (!index) return std::nullopt;
      std::uint64_t inside = 1;
      if (inside_[*index].compare_exchange(inside, 0)) return index;
    }
    return std::nullopt;
  }

private:
  LazyArray<AtomicWord> inside_;
  Fifo fifo_;
};

/// The lock-free original unmutated.
class LockFreeOriginalTaskQueue : public LockFreeTaskQueue<OriginalFifo> {
public:
  static constexpr auto traits = claims_lock_free(
      "lock_free_original",
      "Michael & Scott's queue and Treiber's free list: what mutants deviate from");
  using LockFreeTaskQueue::LockFreeTaskQueue;
};
static_assert(TaskQueue<LockFreeOriginalTaskQueue>);

}  // namespace lockbench::mutants
