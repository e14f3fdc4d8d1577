#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "harness/verify/history/history.hpp"
#include "harness/verify/search/excerpt.hpp"

namespace lockbench::verify {

namespace {

using Indices = std::vector<std::size_t>;

[[nodiscard]] bool violates(const Excerpt& excerpt, const Decision& decide) {
  return decide(excerpt.operations) == Judgement::violated;
}

/// Returns the operations whose index `is_left_out` does not accept.
[[nodiscard]] Excerpt without(const Excerpt& excerpt, auto&& is_left_out) {
  Excerpt rest;
  for (std::size_t index = 0; index < excerpt.operations.size(); ++index) {
    if (is_left_out(index)) continue;
    if (index == excerpt.contradiction) rest.contradiction = rest.operations.size();
    rest.push_back(excerpt.operations[index], excerpt.origins[index]);
  }
  return rest;
}

/// Returns the indices of the operations that `is_meant` accepts.
[[nodiscard]] Indices those(const History& operations, auto&& is_meant) {
  Indices indices;
  for (std::size_t index = 0; index < operations.size(); ++index) {
    if (is_meant(operations[index])) indices.push_back(index);
  }
  return indices;
}

/// Returns the indices of the operations that returned, sorted by return time.
[[nodiscard]] Indices in_order_of_response(const History& operations) {
  auto order = those(operations, [](const Operation& operation) { return !operation.pending(); });
  std::ranges::stable_sort(order, {}, [&](std::size_t at) { return operations[at].returned; });
  return order;
}

/// Returns what had been seen after the first `responses` responses: later calls are missing, and calls
/// under way have no answer yet.
///
/// An order of all calls that agrees with the contract begins with an order of these calls that does.
/// So a violation of these is a violation of the whole.
[[nodiscard]] Excerpt until(const Excerpt& excerpt, const Indices& order, std::size_t responses) {
  std::vector<bool> answered(excerpt.operations.size(), false);
  for (std::size_t rank = 0; rank < responses; ++rank) answered[order[rank]] = true;
  Excerpt seen;
  const auto now = excerpt.operations[order[responses - 1]].returned;
  for (std::size_t index = 0; index < excerpt.operations.size(); ++index) {
    auto operation = excerpt.operations[index];
    if (operation.invoked > now) break;
    if (!answered[index]) {
      operation.answer = Answer::none;
      operation.returned = never;
    }
    if (index == order[responses - 1]) seen.contradiction = seen.operations.size();
    seen.push_back(operation, excerpt.origins[index]);
  }
  return seen;
}

[[nodiscard]] Excerpt shortest_beginning(const Excerpt& excerpt, const Decision& decide) {
  const auto order = in_order_of_response(excerpt.operations);
  Indices lengths(order.size());
  std::iota(lengths.begin(), lengths.end(), std::size_t{1});
  const auto first = std::ranges::partition_point(lengths, [&](std::size_t length) {
    return !violates(until(excerpt, order, length), decide);
  });
  return first == lengths.end() ? excerpt : until(excerpt, order, *first);
}

/// Whether the queue does not know the id at the end of `beginning`, in whatever order: if it could
/// know it, a call of `status` could then say so.
[[nodiscard]] bool leaves_unknown(std::span<const Operation> beginning, TaskId id,
                                  const Decision& decide) {
  History asked(beginning.begin(), beginning.end());
  Instant end = 0;
  for (const auto& operation : beginning) end = std::max(end, operation.returned + 1);
  asked.push_back({.invoked = end, .returned = end, .id = id, .call = Call::status});
  return std::ranges::all_of(
      std::array{Answer::queued, Answer::processing, Answer::completed, Answer::cancelled},
      [&](Answer answer) {
        asked.back().answer = answer;
        return decide(asked) == Judgement::violated;
      });
}

/// If all operations concern one id, removes those before the last moment at which no call was under
/// way and the queue did not know the id. Every order begins with the calls before that moment, and
/// goes on from the state in which a history begins. A shutdown among these calls is lost; that only
/// makes more possible.
[[nodiscard]] Excerpt last_life(const Excerpt& excerpt, const Decision& decide) {
  const auto& operations = excerpt.operations;
  const auto is_about_another = [&](const Operation& operation) {
    return names_task(operation) && operation.id != operations[excerpt.contradiction].id;
  };
  if (!names_task(operations[excerpt.contradiction])) return excerpt;
  if (std::ranges::any_of(operations, is_about_another)) return excerpt;
  Indices quiet;
  Instant latest = 0;
  for (std::size_t index = 0; index < operations.size(); ++index) {
    if (index > 0 && latest < operations[index].invoked) quiet.push_back(index);
    latest = std::max(latest, operations[index].returned);
  }
  while (!quiet.empty()) {
    const auto cut = quiet.back();
    const auto id = operations[excerpt.contradiction].id;
    if (cut <= excerpt.contradiction &&
        leaves_unknown(std::span{operations}.first(cut), id, decide)) {
      auto rest = without(excerpt, [cut](std::size_t index) { return index < cut; });
      if (violates(rest, decide)) return rest;
    }
    quiet.pop_back();
  }
  return excerpt;
}

/// Removes as many of `candidates` as it can, many at a time at first, as the delta debugging of
/// Zeller & Hildebrandt (2002) does.
[[nodiscard]] Excerpt spare(Excerpt excerpt, Indices candidates, const Decision& decide) {
  std::vector<bool> gone(excerpt.operations.size(), false);
  const auto rest = [&] { return without(excerpt, [&](std::size_t at) { return gone[at]; }); };
  for (auto chunk = candidates.size(); chunk > 0; chunk /= 2) {
    Indices needed;
    for (std::size_t from = 0; from < candidates.size(); from += chunk) {
      const auto to = std::min(from + chunk, candidates.size());
      for (auto at = from; at < to; ++at) gone[candidates[at]] = true;
      if (violates(rest(), decide)) continue;
      for (auto at = from; at < to; ++at) {
        gone[candidates[at]] = false;
        needed.push_back(candidates[at]);
      }
    }
    candidates = std::move(needed);
  }
  return rest();
}

/// An order that agrees with the contract still does without the calls that change nothing. The same
/// holds without a draining shutdown, if no call was answered `shut_down`: that only makes more
/// possible.
[[nodiscard]] Excerpt without_idle_calls(const Excerpt& excerpt, const Decision& decide) {
  const auto told = [](const Operation& operation) {
    return operation.answer == Answer::shut_down;
  };
  const auto idle = [&](const Operation& operation) {
    return changes_nothing(operation) && !told(operation);
  };
  const auto is_drain = [](const Operation& operation) {
    return operation.call == Call::shutdown_drain;
  };
  auto rest = spare(excerpt, those(excerpt.operations, idle), decide);
  rest = spare(rest, those(rest.operations, told), decide);
  if (std::ranges::any_of(rest.operations, told)) return rest;
  return spare(rest, those(rest.operations, is_drain), decide);
}

/// All calls about one task can be left out of an order together: the answers about other tasks stay
/// right, as do answers that nothing is queued. The number of tasks does not, so nothing is left out
/// if there are answers of `size`, or that the queue was full.
[[nodiscard]] Excerpt without_bystanders(Excerpt excerpt, std::span<const TaskId> named,
                                         const Decision& decide) {
  const auto counts = [](const Operation& operation) {
    return operation.answer == Answer::counted || operation.answer == Answer::full;
  };
  if (std::ranges::any_of(excerpt.operations, counts)) return excerpt;
  auto ids = ids_of(excerpt.operations);
  std::stable_partition(ids.begin(), ids.end(),
                        [&](TaskId id) { return std::ranges::find(named, id) == named.end(); });
  for (const auto id : ids) {
    auto rest = without(excerpt, [&](std::size_t index) {
      return names_task(excerpt.operations[index]) && excerpt.operations[index].id == id;
    });
    if (violates(rest, decide)) excerpt = std::move(rest);
  }
  return excerpt;
}

}  // namespace

Excerpt until_contradiction(const Excerpt& excerpt, const Decision& decide) {
  return last_life(shortest_beginning(excerpt, decide), decide);
}

Excerpt shrink(Excerpt excerpt, std::span<const TaskId> named, const Decision& decide) {
  for (auto before = excerpt.operations.size() + 1; excerpt.operations.size() < before;) {
    before = excerpt.operations.size();
    excerpt = without_idle_calls(excerpt, decide);
    excerpt = without_bystanders(std::move(excerpt), named, decide);
  }
  return excerpt;
}

}  // namespace lockbench::verify
