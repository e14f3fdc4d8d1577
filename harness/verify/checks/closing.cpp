#include "harness/verify/checks/closing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>

#include "harness/verify/history/history_names.hpp"

namespace lockbench::verify {

namespace {

/// A bound on the moment of closing, and the operation that sets it.
using Bound = std::optional<std::size_t>;

/// The moment lies within or after `opened_until`, and within or before `closed_by`.
struct Bounds {
  Bound first_shutdown;  ///< by invocation: closed no earlier
  Bound last_open;       ///< by invocation: was not told of a shutdown
  Bound first_closed;    ///< by response: was told of it, or was it
};

[[nodiscard]] bool is_shutdown(const Operation& operation) noexcept {
  return operation.call == Call::shutdown_drain || operation.call == Call::shutdown_discard;
}

[[nodiscard]] Bounds bounds_of(const History& history) {
  Bounds bounds;
  const auto earliest_response = [&](std::size_t index) {
    auto& first = bounds.first_closed;
    if (!first || history[index].returned < history[*first].returned) first = index;
  };
  for (std::size_t index = 0; index < history.size(); ++index) {
    const auto& operation = history[index];
    if (is_shutdown(operation) && !bounds.first_shutdown) bounds.first_shutdown = index;
    if (operation.pending()) continue;
    if (is_shutdown(operation) || operation.answer == Answer::shut_down) {
      earliest_response(index);
    } else if (operation.call == Call::add) {
      bounds.last_open = index;
    }
  }
  return bounds;
}

[[nodiscard]] std::string said(const Operation& operation) {
  return fmt::format("thread {}'s {} answered {}", operation.thread, question(operation),
                     answer_text(operation));
}

}  // namespace

Verdict check_closing(const History& history) {
  const auto [shutdown, open, closed] = bounds_of(history);
  if (!closed) return {};
  const auto& told = history[*closed];
  // `closed` is not a shutdown in either case: that would have been invoked before it returned.
  if (!shutdown)
    return {Judgement::violated, said(told) + ", but nobody shut the queue down", {*closed}};
  if (precedes(told, history[*shutdown])) {
    return {Judgement::violated,
            said(told) + fmt::format(" before thread {}'s {} began, which was the first",
                                     history[*shutdown].thread, question(history[*shutdown])),
            {*closed, *shutdown}};
  }
  if (!open || !precedes(told, history[*open])) return {};
  const auto why = is_shutdown(told) ? fmt::format("after thread {}'s {} had returned", told.thread,
                                                   question(told))
                                     : fmt::format("after {}", said(told));
  return {Judgement::violated,
          said(history[*open]) + ", but began " + why + "; only shut_down was possible",
          {*closed, *open}};
}

}  // namespace lockbench::verify
