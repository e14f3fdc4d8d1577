#include <fmt/format.h>

#include <cstddef>
#include <optional>

#include "harness/verify/checks/contract.hpp"
#include "harness/verify/history/history_names.hpp"

namespace lockbench::verify {

namespace {

/// Index of an operation.
using Index = std::optional<std::size_t>;

/// The operations that bound the moment of the shutdown.
struct Bounds {
  Index first_shutdown;  ///< the first to begin: it was no earlier
  Index last_open;       ///< the last add to begin that was not refused: it was no earlier
  Index first_closed;    ///< the first to return of shutdowns and `shut_down`: it was no later
};

[[nodiscard]] Bounds bounds_of(const History& history) {
  Bounds bounds;
  for (std::size_t index = 0; index < history.size(); ++index) {
    const auto& operation = history[index];
    if (is_shutdown(operation) && !bounds.first_shutdown) bounds.first_shutdown = index;
    if (operation.pending()) continue;
    if (is_shutdown(operation) || operation.answer == Answer::shut_down) {
      auto& first = bounds.first_closed;
      if (!first || operation.returned < history[*first].returned) first = index;
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

Verdict check_shutdown_order(const History& history) {
  const auto [shutdown, open, closed] = bounds_of(history);
  if (!closed) return {};
  const auto& told = history[*closed];
  // `told` is not a shutdown in the next two cases: it would have been invoked before it returned.
  if (!shutdown) return violation(said(told) + ", but nobody shut the queue down", {*closed});
  if (const auto& first = history[*shutdown]; precedes(told, first)) {
    return violation(fmt::format("{} before thread {}'s {} began, which was the first", said(told),
                                 first.thread, question(first)),
                     {*closed, *shutdown});
  }
  if (!open || !precedes(told, history[*open])) return {};
  const auto why = is_shutdown(told)
                       ? fmt::format("thread {}'s {} had returned", told.thread, question(told))
                       : said(told);
  return violation(
      fmt::format("{}, but began after {}; only shut_down was possible", said(history[*open]), why),
      {*closed, *open});
}

}  // namespace lockbench::verify
