#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>
#include <optional>

#include <boost/lockfree/queue.hpp>
#include <boost/version.hpp>

#include "strategies/storage/lazy_array.hpp"
#include "strategies/storage/library_call.hpp"
#include "strategies/storage/lock_free_task_queue.hpp"
#include "strategies/storage/steps.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

/// boost::lockfree::queue, the queue of Michael and Scott (1996), as a `RecordFifo`.
///
/// Its nodes come from one array, which is allocated at construction. Nodes are touched when they are
/// first needed, and the package keeps and re-uses freed ones. The package tags its pointers with 16
/// bits: a thread that sleeps in a pop during exactly a multiple of 65,536 other pops can corrupt the
/// queue.
class BoostFifo {
public:
  /// There is one node more than indices, since the package keeps a dummy.
  explicit BoostFifo(std::uint32_t capacity)
      : nodes_{std::size_t{capacity} + 1}, queue_{made_of(nodes_)} {}

  bool try_push(RecordIndex index) {
    const LibraryCall call;
    return queue_.push(index);
  }

  std::optional<RecordIndex> try_pop() {
    const LibraryCall call;
    RecordIndex index = no_record;
    return queue_.pop(index) ? std::optional{index} : std::nullopt;
  }

private:
  struct alignas(64) Node {
    std::byte bytes[64];
  };

  /// Nodes that were never in use. The package asks for a fresh one only when all others are in use.
  /// Each node in use is the dummy or belongs to a record in use, so there are always enough.
  class FreshNodes {
  public:
    explicit FreshNodes(std::size_t count) : nodes_{count} {}
    void* next() {
      const auto index = used_.fetch_add(1, std::memory_order_relaxed);
      if (index >= nodes_.size()) throw std::bad_alloc{};
      return &nodes_[index];
    }

  private:
    LazyArray<Node> nodes_;
    std::atomic<std::size_t> used_{0};
  };

  /// A queue without a fixed size makes its allocator itself, without arguments. So the nodes that it
  /// allocates from are passed on in a variable of the thread.
  template <class T>
  class NodeAllocator {
  public:
    using value_type = T;

    NodeAllocator() noexcept : nodes_{offered} {}
    T* allocate(std::size_t /*one*/) {
      // NOLINTNEXTLINE(misc-redundant-expression): both are 64 with one version of the package
      static_assert(sizeof(T) <= sizeof(Node) && alignof(T) <= alignof(Node));
      return static_cast<T*>(nodes_->next());
    }
    void deallocate(T* /*node*/, std::size_t /*one*/) noexcept {}  // the array frees all at once

  private:
    FreshNodes* nodes_;
  };
  using Queue =
      boost::lockfree::queue<RecordIndex, boost::lockfree::allocator<NodeAllocator<Node>>>;

  static Queue made_of(FreshNodes& nodes) {
    offered = &nodes;
    return Queue{std::size_t{0}};
  }

  static inline thread_local FreshNodes* offered = nullptr;

  FreshNodes nodes_;
  Queue queue_;
};

/// Everything is lock-free, and tasks are handed out in the order in which they were added.
template <class Steps>
class BasicBoostLockfreeTaskQueue : public LockFreeTaskQueue<BoostFifo, Steps> {
public:
  static constexpr StrategyTraits traits{
      .name = "boost_lockfree",
      .summary = "Boost.Lockfree queue of records, lock-free id table",
      .ordering = Ordering::fifo,
      .progress = Progress::lock_free,
      .waits = Waits::never,
      .task_wait = TaskWait::polls,
      .source = "Boost.Lockfree " BOOST_LIB_VERSION " (Michael & Scott, 1996)",
      .tags = {"lockfree"},
      .consistency = Consistency::per_task,
  };

  using LockFreeTaskQueue<BoostFifo, Steps>::LockFreeTaskQueue;
};
using BoostLockfreeTaskQueue = BasicBoostLockfreeTaskQueue<NoSteps>;
static_assert(TaskQueue<BoostLockfreeTaskQueue>);

}  // namespace lockbench
