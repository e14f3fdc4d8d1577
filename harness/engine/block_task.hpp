#pragma once

/// The task of one child process: a block, which of its replicates, and on which CPUs.

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "harness/base/case_parameters.hpp"

namespace lockbench {

/// One line of a block: a strategy, and whether this is its second label (A/A).
struct Label {
  std::string strategy;
  bool twin = false;
  bool operator==(const Label&) const = default;
};

/// One parameter point with everything that is measured there together.
struct Block {
  std::string id;  ///< `point_id` of the point as it was asked for
  CaseParameters point;
  std::vector<Label> labels;
  double window_s = 0;
  double warm_up_s = 0;
  bool oversubscribed = false;
  /// One window more a label, in which one operation in this many is timed; 0: no such window.
  std::uint32_t sample_every = 0;
  /// Length of the window in which a label's capacity is measured before its first; 0: it is not.
  double capacity_window_s = 0;

  /// Windows of one label in one process: `windows` and the sampled one.
  [[nodiscard]] std::uint32_t windows_of_label(std::uint32_t windows) const noexcept {
    return windows + (sample_every != 0 ? 1 : 0);
  }
  /// Seconds of windows and warm-ups of all labels in one process.
  [[nodiscard]] double measured_s(std::uint32_t windows) const noexcept;
};

/// One replicate of one block.
struct BlockTask {
  std::string run_id;
  std::string machine_kind{};  ///< `MachineIdentity::kind`
  std::string machine{};       ///< `MachineIdentity::machine`
  Block block;
  std::uint32_t process = 0;
  /// Which layout of the measuring code runs it, from 1; 0: the program's own, for want of others.
  std::uint32_t layout = 0;
  std::uint32_t windows = 1;
  std::uint64_t seed = 0;
  bool per_thread = false;  ///< each thread's figures are recorded too
  std::vector<int> cpus;    ///< of the threads; empty: not pinned
  /// NUMA nodes that queues are to lie on, see `bind_memory`; empty: wherever the system puts them.
  std::vector<int> memory_nodes{};
  std::uint32_t cpu_kinds = 1;  ///< of CPUs that the threads may be on; see `kinds_of`
  /// Why no row of this run may be used (not a release build, say); empty when rows may.
  std::string unfit;
};

/// `rwlock/mixed/threads:4/read_ratio:0.5`; twins end in `@twin`.
[[nodiscard]] std::string case_id(const Label& label, const Block& block);

[[nodiscard]] nlohmann::json to_json(const BlockTask& task);
/// Throws nlohmann::json::exception on anything that `to_json` did not write.
[[nodiscard]] BlockTask block_task_from_json(const nlohmann::json& object);

void to_json(nlohmann::json& object, const CaseParameters& point);
/// Throws `Error`, or nlohmann::json::exception, on anything that `to_json` did not write.
void from_json(const nlohmann::json& object, CaseParameters& point);

}  // namespace lockbench
