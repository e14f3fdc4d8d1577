#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/verify/history/history.hpp"

namespace lockbench::verify {

namespace {

/// One row of the drawing: each cell is one character in UTF-8.
using Row = std::vector<std::string>;

[[nodiscard]] std::string letter(std::size_t index) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  return index < letters.size() ? std::string{letters[index]} : "?";
}

/// The beginning (false) or the end (true) of a call. Beginnings come first at equal times, since calls
/// that meet count as overlapping.
using End = std::pair<Instant, bool>;

/// Sorted by thread. A thread has several rows if its calls overlap, as one that never returned may.
using Rows = std::multimap<std::uint16_t, Row>;

[[nodiscard]] Row& free_row(Rows& rows, std::uint16_t thread, std::size_t from) {
  auto [at, end] = rows.equal_range(thread);
  for (; at != end; ++at) {
    if (at->second.size() <= from) return at->second;
  }
  return rows.emplace(thread, Row{})->second;
}

void draw_bar(Row& row, std::size_t from, std::size_t to, const std::string& name, bool open) {
  row.resize(from, " ");
  row.resize(to + 1, "─");
  row[from] = "├";
  row[to] = open ? "→" : "┤";
  row[(from + to) / 2] = name;
}

/// Draws the calls, the ends of all side by side in order. Returns nothing if there are less than two
/// cells from each end to the next, as a bar with a letter needs.
[[nodiscard]] Rows drawn(const History& calls, std::size_t cells) {
  constexpr std::size_t widest = 6;
  std::vector<End> ends;
  for (const auto& call : calls) {
    ends.insert(ends.end(), {{call.invoked, false}, {call.returned, true}});
  }
  ends = sorted_set(std::move(ends));
  const auto step = std::min((cells - 1) / (ends.size() - 1), widest);
  const auto cell_of = [&](End end) {
    return static_cast<std::size_t>(std::ranges::lower_bound(ends, end) - ends.begin()) * step;
  };
  Rows rows;
  for (std::size_t index = 0; index < calls.size() && step >= 2; ++index) {
    const auto& call = calls[index];
    const auto from = cell_of({call.invoked, false});
    auto& row = free_row(rows, call.thread, from);
    draw_bar(row, from, cell_of({call.returned, true}), letter(index), call.pending());
  }
  return rows;
}

/// A unit of time in which a span needs few digits.
struct Unit {
  std::string_view name;
  double ns;
};
[[nodiscard]] Unit unit_for(Instant span_ns) noexcept {
  if (span_ns < 1'000'000) return {"µs", 1e3};
  if (span_ns < 1'000'000'000) return {"ms", 1e6};
  return {"s", 1e9};
}

[[nodiscard]] std::string call_text(const Operation& call) {
  return fmt::format("{} → {}", question(call), answer_text(call));
}

/// Lists the calls, the first of which was invoked first, and says when that was.
[[nodiscard]] std::string legend(const History& calls) {
  const auto zero = calls.front().invoked;
  auto end = zero;
  for (const auto& call : calls) end = std::max(end, call.pending() ? call.invoked : call.returned);
  const auto unit = unit_for(end - zero);
  const auto in_unit = [&](Instant time) { return static_cast<double>(time - zero) / unit.ns; };
  const auto time_width = fmt::format("{:.3f}", in_unit(end)).size();
  std::size_t thread_width = 0;
  std::size_t said_width = 0;
  for (const auto& call : calls) {
    thread_width = std::max(thread_width, fmt::format("{}", call.thread).size());
    constexpr std::string_view arrow = "→";  // several bytes, one cell
    said_width = std::max(said_width, call_text(call).size() - arrow.size() + 1);
  }
  std::string text;
  for (std::size_t index = 0; index < calls.size(); ++index) {
    const auto& call = calls[index];
    const auto returned = call.pending() ? "" : fmt::format("{:.3f}", in_unit(call.returned));
    text += fmt::format("{}  thread {:<{}}  {:<{}}  {:>{}.3f} … {:>{}} {}\n", letter(index),
                        call.thread, thread_width, call_text(call), said_width,
                        in_unit(call.invoked), time_width, returned, time_width, unit.name);
  }
  return text + fmt::format("times since {:.3f} µs after the start of the history\n",
                            static_cast<double>(zero) / 1e3);
}

}  // namespace

std::string draw_timeline(const History& history, std::span<const std::size_t> witnesses,
                          int columns) {
  if (witnesses.empty()) return {};
  History calls;
  for (const auto index : witnesses) calls.push_back(history.at(index));
  std::ranges::stable_sort(calls, {}, &Operation::invoked);

  std::string text;
  const std::string_view margin = "thread 65535  ";
  const auto width =
      static_cast<std::size_t>(std::max(columns, 2 + static_cast<int>(margin.size())));
  const auto rows = drawn(calls, width - margin.size());
  for (const auto& [thread, row] : rows) {
    text += fmt::format("thread {:<5}  {}\n", thread, fmt::join(row, ""));
  }
  if (rows.empty()) text += "more calls than can be drawn side by side:\n";
  text += '\n';
  return text + legend(calls);
}

}  // namespace lockbench::verify
