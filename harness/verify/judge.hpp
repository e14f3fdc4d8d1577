#pragma once

/// Which checks a history has to pass, by what its strategy claims.

#include <array>
#include <string_view>
#include <vector>

#include "harness/verify/checks/verdict.hpp"
#include "harness/verify/history/history_json.hpp"
#include "harness/verify/rounds/rounds.hpp"

namespace lockbench::verify {

enum class Check : std::uint8_t {
  conservation,  ///< nothing lost, invented, damaged or handed out twice
  order,         ///< as the strategy's `ordering` says, and "empty" only when it was
  tasks,         ///< what was said of each id, by itself
  contract,      ///< the whole queue, by exhaustive search
  waiting,       ///< lost wake-ups, deadlines, join, shutdown
  sizes,         ///< `size` when nothing is under way
  progress,      ///< others get on while a thread is stopped, where the strategy claims it
};
inline constexpr std::array checks{Check::conservation, Check::order,   Check::tasks,
                                   Check::contract,     Check::waiting, Check::sizes,
                                   Check::progress};

[[nodiscard]] constexpr std::string_view to_string(Check check) noexcept {
  switch (check) {
    case Check::conservation: return "conservation";
    case Check::order: return "order";
    case Check::tasks: return "tasks";
    case Check::contract: return "contract";
    case Check::waiting: return "waiting";
    case Check::sizes: return "sizes";
    case Check::progress: return "progress";
  }
  return {};
}

struct Judged {
  Check check;
  Verdict verdict;
};

/// What `decide` has to know of a round's history.
[[nodiscard]] HistoryHeader header_of(const RoundOutcome& round, const StrategyTraits& traits);

/// Every check that applies to what the header says, up to the first that is violated. Pure.
[[nodiscard]] std::vector<Judged> decide(const RecordedHistory& recorded);

/// A history is searched exhaustively for no more steps than these: some milliseconds.
inline constexpr std::uint64_t most_search_steps = 2'000'000;

}  // namespace lockbench::verify
