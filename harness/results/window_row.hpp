#pragma once

/// `trials.csv`: one row a window, the rawest thing that is recorded.

#include <array>
#include <cstdint>
#include <string>

#include "harness/base/case_parameters.hpp"
#include "harness/engine/block_task.hpp"
#include "harness/results/columns.hpp"
#include "harness/results/figures.hpp"
#include "harness/results/validity.hpp"

namespace lockbench {

/// Names a window within all runs.
struct WindowKey {
  std::string run_id;
  std::string case_id;
  std::string block_id;
  std::string strategy;
  bool twin = false;
  std::uint32_t process = 0;
  std::uint32_t window = 0;
};

struct WindowRow : WindowKey {
  std::string ordering;
  CaseParameters point;
  std::uint32_t layout = 0;  ///< as in BlockTask
  std::uint32_t position = 0;
  std::uint64_t seed = 0;
  std::uint32_t sample_every = 0;
  double window_s = 0;
  double warm_up_s = 0;
  bool oversubscribed = false;
  bool has_critical_section = false;
  std::string cpus;    ///< see `cpu_map`
  std::string memory;  ///< see `bind_memory`
  Validity validity;
  std::string flags;         ///< words joined by `;`, see metrics/flags.hpp
  std::string machine_kind;  ///< `MachineIdentity::kind`
  std::string machine;       ///< `MachineIdentity::machine`
  std::array<Cell, window_figures.size()> values{};

  [[nodiscard]] bool valid() const noexcept { return validity.valid(); }
  Cell& operator[](FigureIndex index) { return values.at(static_cast<std::size_t>(index)); }
  const Cell& operator[](FigureIndex index) const {
    return values.at(static_cast<std::size_t>(index));
  }
};

/// The row of a label of which nothing is measured yet. Its window, position and seed are the
/// process's own.
[[nodiscard]] WindowRow row_of(const BlockTask& task, const Label& label);
/// The row of a window that was measured.
[[nodiscard]] WindowRow row_of(const BlockTask& task, const MeasuredWindow& window);

[[nodiscard]] const Columns<WindowRow>& trial_columns();

inline constexpr std::string_view meaning_of_machine_kind =
    "CPU model, sockets, cores and hardware threads, memory, kernel and hypervisor in one word, "
    "which ends in a hash of them: machines of one kind can be compared";
inline constexpr std::string_view meaning_of_machine =
    "`machine_kind` and a hash of the machine's own id, or `unknown` where it has none; never "
    "its host name";

/// Adds the columns that name the window of a row.
template <class Row>
Columns<Row>& add_key(Columns<Row>& columns) {
  return columns.add(&Row::run_id, "run_id", "", "the run: UTC time, commit and machine")
      .add(&Row::case_id, "case_id", "",
           "strategy and parameter point; the second A/A label ends in `@twin`")
      .add(&Row::block_id, "block_id", "",
           "parameter point as it was asked for: rows with the same `block_id` and `process` were "
           "measured together")
      .add(&Row::strategy, "strategy", "", "as in `bench list`")
      .add(
          &Row::twin, "twin", "flag",
          "1 = second label of the same strategy (A/A): the noise floor, not a strategy of its own")
      .add(&Row::process, "process", "",
           "number of the process within its block, from 0; with `--precision` blocks may have "
           "different numbers of them")
      .add(&Row::window, "window", "",
           "number of the window of this case within its process, from 0");
}

}  // namespace lockbench
