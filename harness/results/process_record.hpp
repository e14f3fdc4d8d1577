#pragma once

/// What is recorded of a process, as values and as the line that a child sends of each window.

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/results/latency_row.hpp"
#include "harness/results/thread_row.hpp"
#include "harness/results/window_row.hpp"

namespace lockbench {

/// Names one replicate of one block within a run.
struct ProcessKey {
  std::string block_id;
  std::uint32_t process = 0;
  auto operator<=>(const ProcessKey&) const = default;
};

/// The rows of a process, or of one window of it.
struct ProcessRecord {
  std::vector<WindowRow> rows{};
  std::vector<LatencyRow> latencies{};
  std::vector<ThreadRow> threads{};

  void append(ProcessRecord&& other);
};

/// The rows of one window; of its threads only where the task asks for them.
[[nodiscard]] ProcessRecord record_of(const BlockTask& task, const MeasuredWindow& window);

/// One line of JSON without its line end, for the record of one window. Figures are exact.
[[nodiscard]] std::string to_line(const ProcessRecord& window);
/// Reads what `to_line` wrote. Throws `Error`, or nlohmann::json::exception, on anything else.
[[nodiscard]] ProcessRecord record_from_line(std::string_view line);

}  // namespace lockbench
