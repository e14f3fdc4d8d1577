#include "harness/verify/history/timeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/verify/history/history_names.hpp"
#include "harness/verify/history/sorted_set.hpp"

namespace lockbench::verify {

namespace {

/// One row of the drawing: each cell is one character in UTF-8.
using Row = std::vector<std::string>;

[[nodiscard]] std::string letter(std::size_t index) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  return index < letters.size() ? std::string{letters[index]} : "?";
}

/// The beginning or the end of a call. Beginnings come first at equal times, since calls that meet
/// count as overlapping.
struct End {
  Instant time;
  bool is_response;
  auto operator<=>(const End&) const = default;
};
[[nodiscard]] End begin_of(const Operation& call) noexcept {
  return {call.invoked, false};
}
[[nodiscard]] End end_of(const Operation& call) noexcept {
  return {call.returned, true};
}

/// Returns all ends in order, each once; `never` is the last if a call never returned.
[[nodiscard]] std::vector<End> ends_of(const History& calls) {
  std::vector<End> ends;
  for (const auto& call : calls) {
    ends.push_back(begin_of(call));
    ends.push_back(end_of(call));
  }
  return sorted_set(std::move(ends));
}

class Drawing {
public:
  /// Draws only if there are two cells from each end to the next, as a bar with a letter needs.
  Drawing(const History& calls, std::size_t cells) : ends_(ends_of(calls)) {
    constexpr std::size_t widest = 6;
    const auto gaps = ends_.size() - 1;
    step_ = std::min((cells - 1) / gaps, widest);
    if (fits()) draw(calls);
  }

  [[nodiscard]] bool fits() const noexcept { return step_ >= 2; }
  /// Sorted by thread. A thread has several rows if its calls overlap, as one that never returned may.
  [[nodiscard]] const std::multimap<std::uint16_t, Row>& rows() const noexcept { return rows_; }

private:
  [[nodiscard]] std::size_t cell_of(End end) const {
    const auto rank = std::ranges::lower_bound(ends_, end) - ends_.begin();
    return static_cast<std::size_t>(rank) * step_;
  }
  void draw(const History& calls) {
    for (std::size_t index = 0; index < calls.size(); ++index) {
      const auto& call = calls[index];
      const auto from = cell_of(begin_of(call));
      const auto to = cell_of(end_of(call));
      draw_bar(free_row(call.thread, from), from, to, letter(index), call.pending());
    }
  }
  [[nodiscard]] Row& free_row(std::uint16_t thread, std::size_t from) {
    auto [at, end] = rows_.equal_range(thread);
    for (; at != end; ++at) {
      if (at->second.size() <= from) return at->second;
    }
    return rows_.emplace(thread, Row{})->second;
  }
  static void draw_bar(Row& row, std::size_t from, std::size_t to, const std::string& name,
                       bool open) {
    row.resize(from, " ");
    row.resize(to + 1, "─");
    row[from] = "├";
    row[to] = open ? "→" : "┤";
    row[(from + to) / 2] = name;
  }

  std::vector<End> ends_;
  std::size_t step_ = 0;
  std::multimap<std::uint16_t, Row> rows_;
};

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

class Legend {
public:
  explicit Legend(const History& calls) : zero_(calls.front().invoked) {
    Instant end = zero_;
    for (const auto& call : calls)
      end = std::max(end, call.pending() ? call.invoked : call.returned);
    unit_ = unit_for(end - zero_);
    for (const auto& call : calls) {
      thread_width_ = std::max(thread_width_, fmt::format("{}", call.thread).size());
      said_width_ = std::max(said_width_, said(call).size() - arrow.size() + 1);
      time_width_ = std::max(time_width_, fmt::format("{:.3f}", in_unit(end)).size());
    }
  }

  [[nodiscard]] std::string line(const Operation& call, std::size_t index) const {
    const auto returned = call.pending() ? "" : fmt::format("{:.3f}", in_unit(call.returned));
    return fmt::format("{}  thread {:<{}}  {:<{}}  {:>{}.3f} … {:>{}} {}\n", letter(index),
                       call.thread, thread_width_, said(call), said_width_, in_unit(call.invoked),
                       time_width_, returned, time_width_, unit_.name);
  }
  [[nodiscard]] std::string zero() const {
    return fmt::format("times since {:.3f} µs after the start of the history\n",
                       static_cast<double>(zero_) / 1e3);
  }

private:
  static constexpr std::string_view arrow = "→";  // several bytes, one cell

  [[nodiscard]] static std::string said(const Operation& call) {
    return fmt::format("{} {} {}", question(call), arrow, answer_text(call));
  }
  [[nodiscard]] double in_unit(Instant time) const noexcept {
    return static_cast<double>(time - zero_) / unit_.ns;
  }

  Instant zero_;
  Unit unit_{};
  std::size_t thread_width_ = 0;
  std::size_t said_width_ = 0;
  std::size_t time_width_ = 0;
};

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
  const Drawing drawing{calls, width - margin.size()};
  for (const auto& [thread, row] : drawing.rows()) {
    text += fmt::format("thread {:<5}  {}\n", thread, fmt::join(row, ""));
  }
  if (!drawing.fits()) text += "more calls than can be drawn side by side:\n";
  text += '\n';
  const Legend legend{calls};
  for (std::size_t index = 0; index < calls.size(); ++index)
    text += legend.line(calls[index], index);
  return text + legend.zero();
}

}  // namespace lockbench::verify
