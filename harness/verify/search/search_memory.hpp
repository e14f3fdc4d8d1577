#pragma once

/// What the search for a linearization walks along, and what it remembers.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "harness/base/random.hpp"
#include "harness/verify/history/history.hpp"

namespace lockbench::verify {

/// All calls and responses of a history in the order of time, as a doubly linked list. The search walks
/// along it, lifts operations out and puts them back (Wing & Gong, 1993).
///
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

/// The operations that have a place in the order. They are numbered by invocation, so the set is full
/// up to some number and empty from another on; only the words in between differ between sets.
class PlacedSet {
public:
  void clear(std::size_t operations) {
    words_.assign(operations / 64 + 1, 0);
    first_ = 0;
    last_ = 0;
    hash_ = 0;
  }
  void insert(std::size_t index) noexcept {
    words_[index / 64] |= bit(index);
    hash_ ^= mixed_bits(index + 1);
    last_ = std::max(last_, index / 64);
    while (first_ < last_ && words_[first_] == ~std::uint64_t{0}) ++first_;
  }
  void erase(std::size_t index) noexcept {
    words_[index / 64] &= ~bit(index);
    hash_ ^= mixed_bits(index + 1);
    first_ = std::min(first_, index / 64);
    while (last_ > first_ && words_[last_] == 0) --last_;
  }

  [[nodiscard]] std::uint64_t hash() const noexcept { return hash_; }
  /// Words before this one are full.
  [[nodiscard]] std::size_t first_word() const noexcept { return first_; }
  /// The words from `first_word` on; all words after these are empty.
  [[nodiscard]] std::span<const std::uint64_t> words() const noexcept {
    return std::span{words_}.subspan(first_, last_ - first_ + 1);
  }

private:
  [[nodiscard]] static std::uint64_t bit(std::size_t index) noexcept {
    return std::uint64_t{1} << (index % 64);
  }

  std::vector<std::uint64_t> words_;
  std::size_t first_ = 0;
  std::size_t last_ = 0;
  std::uint64_t hash_ = 0;
};

/// Which sets of placed operations led to which state (Lowe, 2017): a hash set of pairs of a `PlacedSet`
/// and a model's state, which it compares in full.
template <class Model>
class Configurations {
public:
  /// O(1), however much it held.
  void clear() {
    slots_.assign(least_slots, none);
    entries_.clear();
    words_.clear();
  }

  /// Returns false if the pair was there already. O(words of the set) on average.
  bool insert(const PlacedSet& placed, const Model& model) {
    const auto hash = mixed_bits(placed.hash() ^ model.hash());
    auto& slot = slot_of(hash, [&](const Entry& entry) {
      return entry.hash == hash && entry.model == model && same(entry, placed);
    });
    if (slot != none) return false;
    slot = static_cast<std::uint32_t>(entries_.size());
    const auto words = placed.words();
    entries_.push_back({model, hash, words_.size(), placed.first_word(), words.size()});
    words_.insert(words_.end(), words.begin(), words.end());
    if (2 * entries_.size() > slots_.size()) grow();
    return true;
  }

private:
  struct Entry {
    Model model;
    std::uint64_t hash;
    std::size_t words_at;
    std::size_t first_word;
    std::size_t words;
  };
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  static constexpr std::size_t least_slots = 64;

  [[nodiscard]] bool same(const Entry& entry, const PlacedSet& placed) const noexcept {
    const auto words = std::span{words_}.subspan(entry.words_at, entry.words);
    return entry.first_word == placed.first_word() && std::ranges::equal(words, placed.words());
  }
  std::uint32_t& slot_of(std::uint64_t hash, auto&& is_it) noexcept {
    const auto mask = slots_.size() - 1;
    auto at = hash & mask;
    while (slots_[at] != none && !is_it(entries_[slots_[at]])) at = (at + 1) & mask;
    return slots_[at];
  }
  void grow() {
    slots_.assign(2 * slots_.size(), none);
    for (std::uint32_t index = 0; index < entries_.size(); ++index) {
      slot_of(entries_[index].hash, [](const Entry&) { return false; }) = index;
    }
  }

  std::vector<std::uint32_t> slots_;
  std::vector<Entry> entries_;
  std::vector<std::uint64_t> words_;
};

}  // namespace lockbench::verify
