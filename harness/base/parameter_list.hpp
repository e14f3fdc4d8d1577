#pragma once

/// Every parameter of a case, once: how files and ids call it, and how the command line asks for it.
/// Rows, summaries, messages to child processes, requests, plans and options follow from this table,
/// so a new parameter is a member of `ParametersOf`, an entry here, and a workload that uses it.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <tuple>
#include <vector>

#include "harness/base/case_parameters.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

/// Details of an option that few parameters need.
struct OptionDetails {
  std::string_view placeholder = "LIST";  ///< stands for the value in the help
  bool is_list = true;                    ///< false: takes one value, which holds for all points
  std::string_view default_note = {};     ///< says what happens by default where no value does
  bool set_by_sweep = false;              ///< the standard grid has values of its own
  std::string_view verify_default = {};   ///< given: `verify` takes the option, too
};

/// What the command line needs to know of a parameter. The type and unit of its values say how they
/// are read; its workloads say where it is used.
struct ParameterOption {
  std::string_view name;     ///< with its dashes
  std::string_view example;  ///< as it would be typed
  std::string_view help;     ///< without unit, range and default
  std::uint64_t minimum = 0;
  std::uint64_t maximum = 0;  ///< of numbers; times are in ns
  OptionDetails details = {};

  [[nodiscard]] constexpr ParameterOption with(OptionDetails others) const {
    auto option = *this;
    option.details = others;
    return option;
  }
};

/// How files and ids call a parameter.
struct ParameterName {
  std::string_view name;
  std::string_view unit;  ///< "" for names
  std::string_view meaning;
  std::string_view name_in_ids = name;
  bool always_in_ids = false;  ///< ids name it wherever it is used, whatever its value
};

/// One member of `CaseParameters` and of `ParameterLists`, both of type `Value`.
template <auto Field, auto List>
struct Parameter;
template <class Value, Value CaseParameters::*Field, std::vector<Value> ParameterLists::*List>
struct Parameter<Field, List> : ParameterName {
  static constexpr auto field = Field;
  static constexpr auto list = List;
  ParameterOption option;
  /// Measured by default, where a workload uses the parameter; empty: the member's initial value.
  std::span<const Value> usual = {};
};

namespace parameters {
using Point = CaseParameters;
using Lists = ParameterLists;

inline constexpr std::array<std::uint32_t, 1> usual_work_ns{1000};
inline constexpr std::array<std::uint32_t, 1> usual_burst{64};
inline constexpr std::array usual_cancel_ratio{0.5};
inline constexpr std::array usual_load{0.3, 0.5, 0.7, 0.9, 0.95};

/// An amount of calibrated work.
constexpr ParameterOption work(std::string_view name, std::string_view help) {
  constexpr std::uint64_t longest_ns = 100'000'000;
  return {name, "50ns,1us", help, 0, longest_ns};
}
/// How the amounts of work spread about their mean.
constexpr ParameterOption spread(std::string_view name,
                                 std::string_view help = "how its amounts spread") {
  return ParameterOption{name, "uniform", help}.with({.placeholder = "SPREAD", .is_list = false});
}

/// In the order of columns, ids and options; the first four are the workload and its team.
inline constexpr std::tuple table{
    Parameter<&Point::workload, &Lists::workload>{
        {"workload", "", "what the threads did; `bench list` says what each workload is"},
        ParameterOption{"--workload", "mixed,producer_consumer", "what the threads do to the queue"}
            .with({.set_by_sweep = true})},
    Parameter<&Point::threads, &Lists::threads>{
        {"threads", "threads", "size of the team"},
        ParameterOption{"--threads", "1,2,4 or 1-16*2",
                        "threads that use the queue; workloads with two roles make half of them "
                        "producers, and have at least one of each",
                        1, 1024}
            .with({.set_by_sweep = true, .verify_default = "2,3,4,8"})},
    Parameter<&Point::producers, &Lists::producers>{
        {"producers", "threads", "workloads with two roles: threads that add; 0 elsewhere"},
        ParameterOption{"--producers", "1,2,4 or 1-16*2",
                        "workloads with two roles: threads that add; instead of --threads", 1, 1023}
            .with({.default_note = "1 beside --consumers, else half of --threads"})},
    Parameter<&Point::consumers, &Lists::consumers>{
        {"consumers", "threads", "workloads with two roles: threads that take; 0 elsewhere"},
        ParameterOption{"--consumers", "1,2,4 or 1-16*2",
                        "workloads with two roles: threads that take; instead of --threads", 1,
                        1023}
            .with({.default_note = "1 beside --producers, else half of --threads"})},
    Parameter<&Point::read_ratio, &Lists::read_ratio>{
        {.name = "read_ratio",
         .unit = "share",
         .meaning = "`mixed`: probability that an operation reads (`get_status`); without meaning "
                    "elsewhere",
         .always_in_ids = true},
        ParameterOption{"--read-ratio", "0,0.5,0.9",
                        "mixed only: share of the operations that read", 0, 1}
            .with({.set_by_sweep = true})},
    Parameter<&Point::priorities, &Lists::priorities>{
        {"priorities", "levels",
         "a task's priority is that of the task taken before it less a random step of 1 to this "
         "many; in `burst` and `handoff` one of this many fixed levels; 0 in `raw_fifo`, which has "
         "none"},
        {"--priorities", "1,16",
         "how far a task's priority may lie below that of the task taken before it; 1 = tasks come "
         "in order of arrival",
         1, 65536}},
    Parameter<&Point::prefill, &Lists::prefill>{
        {"prefill", "tasks", "queued before the window, outside the timed part"},
        {"--prefill", "0,1024", "tasks queued before a window starts", 0, 4'000'000}},
    Parameter<&Point::payload_bytes, &Lists::payload_bytes>{
        {.name = "payload_bytes",
         .unit = "bytes",
         .meaning = "payload copied in by `add_task`",
         .name_in_ids = "payload"},
        {"--payload", "16,1024", "bytes copied into the queue with each task", 0,
         QueueLimits::max_payload_bytes}},
    Parameter<&Point::capacity, &Lists::capacity>{
        {"capacity", "tasks",
         "bound on the tasks that the queue knows; chosen from `prefill` and `threads` unless "
         "asked for"},
        ParameterOption{"--capacity", "65536",
                        "most tasks that a queue knows at once; 0 leaves room for the prefill "
                        "and for what the threads add",
                        0, QueueLimits::max_capacity}
            .with({.placeholder = "N", .is_list = false})},
    Parameter<&Point::pinning, &Lists::pinning>{
        {"pinning", "",
         "placement of the threads: `none`, `compact` (neighbours share caches), `scatter` (as far "
         "apart as possible), `same_cpu` (all on one), `smt-pairs` (threads 2i and 2i + 1 on the "
         "two hardware threads of a core), `per-node` (in turns over the NUMA nodes), `cpus:0+2+4` "
         "(these CPUs in turn, as `--cpus` listed them)"},
        {"--pinning", "none,scatter",
         "where threads run: none = wherever the scheduler puts them, compact = on "
         "neighbouring CPUs, scatter = as far apart as the machine allows, same_cpu "
         "= all on one CPU, smt-pairs = in pairs on the two hardware threads of a "
         "core, per-node = in turns over the NUMA nodes"}},
    Parameter<&Point::critical_section_ns, &Lists::critical_section_ns>{
        {"critical_section_ns", "ns",
         "calibrated work under the queue's lock, once an operation; 0 = none. Strategies without "
         "a lock do none of it: see `has_critical_section`"},
        work("--critical-section",
             "calibrated work that a queue does under its lock, once an operation; "
             "strategies that hold no lock do none of it, and say so")},
    Parameter<&Point::critical_section_jitter, &Lists::critical_section_jitter>{
        {"critical_section_jitter", "",
         "how its amounts spread: `none`, `uniform` (0.5 … 1.5 of it), `exponential`"},
        spread("--critical-section-jitter",
               "how its amounts spread: none, uniform = 0.5 to 1.5 of it, exponential")},
    Parameter<&Point::think_ns, &Lists::think_ns>{
        {"think_ns", "ns", "calibrated work of a thread between two operations; 0 = none"},
        work("--think", "calibrated work of a thread between two operations")},
    Parameter<&Point::think_jitter, &Lists::think_jitter>{
        {"think_jitter", "", "how its amounts spread"}, spread("--think-jitter")},
    Parameter<&Point::work_ns, &Lists::work_ns>{
        {"work_ns", "ns",
         "`pool`, `open_loop`: calibrated work for each task that was taken; 0 elsewhere"},
        work("--work", "pool and open_loop: calibrated work for each task that was taken"),
        usual_work_ns},
    Parameter<&Point::work_jitter, &Lists::work_jitter>{
        {"work_jitter", "", "how its amounts spread"}, spread("--work-jitter")},
    Parameter<&Point::priority_order, &Lists::priority_order>{
        {"priority_order", "",
         "`hold`: priorities of the tasks added, seen from the task taken: `uniform`, `ascending`, "
         "`descending`"},
        {"--priority-order", "uniform,ascending",
         "hold only: priorities of the tasks that are added: uniform = a random step below the "
         "task taken, ascending = above it, descending = below all others"}},
    Parameter<&Point::burst, &Lists::burst>{
        {"burst", "tasks", "`burst`: tasks that a thread adds in a row; 0 elsewhere"},
        {"--burst", "16,256", "burst only: tasks that each thread adds before any is taken", 1,
         100'000},
        usual_burst},
    Parameter<&Point::cancel_ratio, &Lists::cancel_ratio>{
        {"cancel_ratio", "share",
         "`cancel_heavy`: probability that a task is cancelled by who added it; 0 elsewhere"},
        {"--cancel-ratio", "0.1,0.5",
         "cancel_heavy only: share of the tasks that are cancelled by who added "
         "them"},
        usual_cancel_ratio},
    Parameter<&Point::load, &Lists::load>{
        {"load", "share",
         "`open_loop`: rate of arrivals as a share of the measured capacity; 0 elsewhere"},
        {"--load", "0.5,0.9",
         "open_loop only: rate of arrivals as a share of the capacity that each "
         "strategy is first measured to have"},
        usual_load},
    Parameter<&Point::arrivals, &Lists::arrivals>{
        {"arrivals", "", "`open_loop`: spacing of intended arrivals: `poisson` or `fixed`"},
        {"--arrivals", "poisson,fixed",
         "open_loop only: spacing of arrivals: poisson = as from many independent "
         "callers, fixed = even"}},
    Parameter<&Point::idle_ns, &Lists::idle_ns>{
        {"idle_ns", "ns",
         "`handoff`: how long a producer leaves its consumer without a task after each, so that it "
         "may fall asleep; 0 elsewhere"},
        {"--idle", "10us,1ms",
         "handoff only: how long a consumer is left without a task, so that it may fall asleep; "
         "windows last at least 50 times as long",
         0, 100'000'000}},
};

inline constexpr auto names =
    std::apply([](const auto&... parameter) { return std::array{parameter.name...}; }, table);

}  // namespace parameters

/// Calls `visit(parameter)` for all of them, in order.
constexpr void for_each_parameter(auto&& visit) {
  std::apply([&](const auto&... parameter) { (visit(parameter), ...); }, parameters::table);
}

/// The lists that are measured when nothing else is asked for.
[[nodiscard]] inline ParameterLists usual_lists() {
  ParameterLists lists;
  for_each_parameter([&](const auto& parameter) {
    if (parameter.usual.empty()) return;
    (lists.*parameter.list).assign(parameter.usual.begin(), parameter.usual.end());
  });
  return lists;
}

/// A set of parameters, made from names that the compiler checks.
class ParameterSet {
public:
  [[nodiscard]] consteval ParameterSet with(auto... names) const {
    return ParameterSet(bits_ | (bit(names) | ...));
  }
  [[nodiscard]] consteval ParameterSet without(auto... names) const {
    return ParameterSet(bits_ & ~(bit(names) | ...));
  }
  consteval ParameterSet() = default;

  /// False for names that are no parameter's.
  [[nodiscard]] constexpr bool contains(std::string_view name) const noexcept {
    const auto index = index_of(name);
    return index < size && (bits_ >> index & 1U) != 0;
  }

private:
  static constexpr auto size = parameters::names.size();
  static_assert(size <= 64);

  explicit constexpr ParameterSet(std::uint64_t bits) : bits_(bits) {}
  static constexpr std::size_t index_of(std::string_view name) noexcept {
    const auto found = std::ranges::find(parameters::names, name);
    return static_cast<std::size_t>(found - parameters::names.begin());
  }
  static consteval std::uint64_t bit(std::string_view name) {
    if (index_of(name) == size) throw "no parameter has this name";
    return std::uint64_t{1} << index_of(name);
  }

  std::uint64_t bits_ = 0;
};

/// What a workload uses unless it says otherwise.
inline constexpr auto common_parameters = ParameterSet{}.with(
    "workload", "threads", "priorities", "prefill", "payload_bytes", "capacity", "pinning",
    "critical_section_ns", "critical_section_jitter", "think_ns", "think_jitter");

}  // namespace lockbench
