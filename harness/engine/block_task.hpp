#pragma once

/// What one child process is told to do, and how it reports: JSON on its standard input, lines on
/// its standard output.

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "harness/plan/plan.hpp"

namespace lockbench {

/// One replicate of one block.
struct BlockTask {
  std::string run_id;
  Block block;
  std::uint32_t process = 0;
  std::uint32_t windows = 1;
  std::uint64_t seed = 0;
  bool per_thread = false;  ///< a row for each thread, too
  std::vector<int> cpus;    ///< of the threads; empty: not pinned
  /// NUMA nodes that queues are to lie on, see `bind_memory`; empty: wherever the system puts them.
  std::vector<int> memory_nodes{};
  /// Why no row of this run may be used (not a release build, say); empty when rows may.
  std::string unfit;
};

[[nodiscard]] nlohmann::json to_json(const BlockTask& task);
/// Throws nlohmann::json::exception on anything that `to_json` did not write.
[[nodiscard]] BlockTask block_task_from_json(const nlohmann::json& object);

[[nodiscard]] nlohmann::json to_json(const CaseParameters& point);
[[nodiscard]] CaseParameters point_from_json(const nlohmann::json& object);

/// Starts of the lines that a child prints.
namespace child_line {
inline constexpr std::string_view begin = "begin ";  ///< + index of the label whose window starts
inline constexpr std::string_view row = "row ";      ///< + a line of trials.csv
inline constexpr std::string_view latency = "latency ";  ///< + a line of latency.csv
inline constexpr std::string_view thread = "thread ";    ///< + a line of threads.csv
inline constexpr std::string_view end = "end";
}  // namespace child_line

}  // namespace lockbench
