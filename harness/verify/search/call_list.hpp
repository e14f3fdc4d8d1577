#pragma once

/// All calls and responses of a history in the order of time, as a doubly linked list. The search for
/// a linearization walks along it, lifts operations out and puts them back (Wing & Gong, 1993).

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "harness/verify/history/history.hpp"

namespace lockbench::verify {

/// Nodes are numbers. Filling is O(n log n); all else takes constant time. Allocates only for more
/// operations than it has held before.
class CallList {
public:
  using Node = std::uint32_t;

  /// `operations` are ordered by `invoked`.
  void fill(std::span<const Operation> operations) {
    order_responses(operations);
    links_.resize(2 * operations.size() + 1);
    unplaced_ = by_response_.size();
    Node last = head;
    auto response = by_response_.cbegin();
    for (std::size_t index = 0; index < operations.size(); ++index) {
      for (; response != by_response_.cend() && precedes(operations[*response], operations[index]);
           ++response) {
        last = append(last, response_of(*response));
      }
      last = append(last, call_of(index));
    }
    for (; response != by_response_.cend(); ++response) last = append(last, response_of(*response));
    append(last, head);
  }

  [[nodiscard]] Node first() const noexcept { return links_[head].next; }
  [[nodiscard]] Node next(Node node) const noexcept { return links_[node].next; }
  [[nodiscard]] static bool is_call(Node node) noexcept { return (node & 1U) != 0; }
  [[nodiscard]] static std::size_t operation_of(Node node) noexcept { return (node - 1) / 2; }
  [[nodiscard]] static Node call_of(std::size_t index) noexcept {
    return static_cast<Node>(2 * index + 1);
  }
  /// Whether operations that have returned are in the list.
  [[nodiscard]] bool has_responses() const noexcept { return unplaced_ != 0; }

  void lift(std::size_t index, bool pending) noexcept {
    take_out(call_of(index));
    if (pending) return;
    take_out(response_of(index));
    --unplaced_;
  }
  /// Undoes the last `lift` that has not been undone.
  void unlift(std::size_t index, bool pending) noexcept {
    if (!pending) {
      put_back(response_of(index));
      ++unplaced_;
    }
    put_back(call_of(index));
  }

private:
  struct Link {
    Node before;
    Node next;
  };
  static constexpr Node head = 0;

  [[nodiscard]] static Node response_of(std::size_t index) noexcept { return call_of(index) + 1; }

  void order_responses(std::span<const Operation> operations) {
    by_response_.clear();
    for (std::size_t index = 0; index < operations.size(); ++index) {
      if (!operations[index].pending()) by_response_.push_back(static_cast<Node>(index));
    }
    std::ranges::sort(by_response_, {}, [&](Node index) { return operations[index].returned; });
  }
  Node append(Node last, Node node) noexcept {
    links_[last].next = node;
    links_[node].before = last;
    return node;
  }
  void take_out(Node node) noexcept {
    const auto [before, next] = links_[node];
    links_[before].next = next;
    links_[next].before = before;
  }
  void put_back(Node node) noexcept {
    const auto [before, next] = links_[node];
    links_[before].next = node;
    links_[next].before = node;
  }

  std::vector<Link> links_;
  std::vector<Node> by_response_;
  std::size_t unplaced_ = 0;
};

}  // namespace lockbench::verify
