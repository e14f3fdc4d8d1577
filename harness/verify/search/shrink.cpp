#include "harness/verify/search/shrink.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "harness/verify/history/history_names.hpp"

namespace lockbench::verify {

namespace {

using Indices = std::vector<std::size_t>;

[[nodiscard]] bool violates(const Excerpt& excerpt, const Decision& decide) {
  return decide(excerpt.operations) == Judgement::violated;
}

/// Without those that `is_left_out` says, by index.
[[nodiscard]] Excerpt without(const Excerpt& excerpt, auto&& is_left_out) {
  Excerpt rest;
  for (std::size_t index = 0; index < excerpt.operations.size(); ++index) {
    if (is_left_out(index)) continue;
    if (index == excerpt.contradiction) rest.contradiction = rest.operations.size();
    rest.push_back(excerpt.operations[index], excerpt.origins[index]);
  }
  return rest;
}

/// Of those that returned, by the time of it.
[[nodiscard]] Indices in_order_of_response(const History& operations) {
  Indices order;
  for (std::size_t index = 0; index < operations.size(); ++index) {
    if (!operations[index].pending()) order.push_back(index);
  }
  std::ranges::stable_sort(order, {}, [&](std::size_t at) { return operations[at].returned; });
  return order;
}

/// What had been seen when the first `responses` of them had come: later calls are not there, and
/// those under way have no answer yet.
///
/// What a queue did until some moment is the beginning of an order that agrees with the contract,
/// if all it did is one: so a violation of this is one of the whole.
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

/// At its end the id is unknown to the queue in every order: were it in another state in one, a
/// call of `status` then could say so.
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

/// Without the earlier lives of an id, where a history is about one alone: up to a moment at which
/// no call was under way and the queue did not know the id. All orders begin with the calls before
/// that moment, and go on from where a history begins; except that a shutdown among these calls has
/// been forgotten then, after which more was impossible, not less.
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

/// Without as many of `candidates` as can be spared one after another, many at a time while that
/// works, as in the delta debugging of Zeller & Hildebrandt (2002).
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

/// Calls that change nothing can be left out of any order that agrees with the contract, and it
/// still does. The same holds for a shutdown that lets tasks be drained, once nobody was told of
/// it: without it, only more is possible.
[[nodiscard]] Excerpt without_idle_calls(const Excerpt& excerpt, const Decision& decide) {
  const auto idle = [&](const Operation& operation) {
    return changes_nothing(operation) && operation.answer != Answer::shut_down;
  };
  const auto told = [](const Operation& operation) {
    return operation.answer == Answer::shut_down;
  };
  const auto is_drain = [](const Operation& operation) {
    return operation.call == Call::shutdown_drain;
  };
  const auto those = [](const Excerpt& of, auto&& are) {
    Indices indices;
    for (std::size_t index = 0; index < of.operations.size(); ++index) {
      if (are(of.operations[index])) indices.push_back(index);
    }
    return indices;
  };
  auto rest = spare(excerpt, those(excerpt, idle), decide);
  rest = spare(rest, those(rest, told), decide);
  if (std::ranges::any_of(rest.operations, told)) return rest;
  return spare(rest, those(rest, is_drain), decide);
}

/// All calls about one task can be left out of an order together: what is said of others, that
/// nothing is queued, and which is the next of the others, stays true. Not so how many there are: the
/// numbers of `size`, and that the queue was full.
[[nodiscard]] Excerpt without_bystanders(Excerpt excerpt, std::span<const TaskId> named,
                                         const Decision& decide) {
  const auto counts = [](const Operation& operation) {
    return operation.answer == Answer::counted || operation.answer == Answer::full;
  };
  if (std::ranges::any_of(excerpt.operations, counts)) return excerpt;
  std::vector<TaskId> ids;
  for (const auto& operation : excerpt.operations) {
    if (names_task(operation)) ids.push_back(operation.id);
  }
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
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
