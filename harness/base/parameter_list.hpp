#pragma once

/// Every parameter of a case, once, with the name, unit and meaning that files and ids give it. Rows,
/// summaries, comparisons and the messages to child processes are made from these lists, so a new
/// parameter is a member of `CaseParameters` and a line here.

#include <cstddef>
#include <string_view>
#include <tuple>
#include <utility>

#include "harness/base/case_parameters.hpp"

namespace lockbench {

/// One member of `CaseParameters` as a column.
template <auto Field>
struct Parameter {
  static constexpr auto field = Field;
  std::string_view name;
  std::string_view unit;  ///< "" for names
  std::string_view meaning;
};

/// In the middle of the files' columns, where the first schema put them.
inline constexpr std::tuple first_parameters{
    Parameter<&CaseParameters::workload>{"workload", "", "What the threads did to the queue"},
    Parameter<&CaseParameters::threads>{"threads", "threads", "Size of the team"},
    Parameter<&CaseParameters::producers>{"producers", "threads",
                                          "Adding threads, of workloads with two roles"},
    Parameter<&CaseParameters::consumers>{"consumers", "threads",
                                          "Taking threads, of workloads with two roles"},
    Parameter<&CaseParameters::read_ratio>{"read_ratio", "share",
                                           "`mixed`: probability that an operation reads"},
    Parameter<&CaseParameters::priorities>{"priorities", "levels", "Priorities drawn uniformly"},
    Parameter<&CaseParameters::prefill>{"prefill", "tasks", "Tasks queued before the window"},
    Parameter<&CaseParameters::payload_bytes>{"payload_bytes", "bytes",
                                              "Payload copied in by add_task"},
    Parameter<&CaseParameters::capacity>{"capacity", "tasks", "Bound on the tasks the queue knows"},
    Parameter<&CaseParameters::pinning>{"pinning", "", "Placement of the threads"},
};

/// Appended to the files' columns since.
inline constexpr std::tuple later_parameters{
    Parameter<&CaseParameters::critical_section_ns>{
        "critical_section_ns", "ns", "Calibrated work under the queue's lock, once an operation"},
    Parameter<&CaseParameters::critical_section_jitter>{
        "critical_section_jitter", "", "Its spread: none, uniform (0.5 … 1.5 x), exponential"},
    Parameter<&CaseParameters::think_ns>{"think_ns", "ns",
                                         "Calibrated work between two operations"},
    Parameter<&CaseParameters::think_jitter>{"think_jitter", "", "Its spread"},
    Parameter<&CaseParameters::work_ns>{"work_ns", "ns", "Calibrated work for each task taken"},
    Parameter<&CaseParameters::work_jitter>{"work_jitter", "", "Its spread"},
    Parameter<&CaseParameters::priority_order>{
        "priority_order", "",
        "`hold`: priorities of the tasks added: uniform, ascending, descending"},
    Parameter<&CaseParameters::burst>{"burst", "tasks", "`burst`: tasks a thread adds in a row"},
    Parameter<&CaseParameters::cancel_ratio>{
        "cancel_ratio", "share", "`cancel_heavy`: probability that a task added is cancelled"},
    Parameter<&CaseParameters::load>{"load", "share",
                                     "`open_loop`: arrivals as a share of measured capacity"},
    Parameter<&CaseParameters::arrivals>{"arrivals", "",
                                         "`open_loop`: spacing of arrivals: poisson, fixed"},
};

/// Calls `visit(parameter)` for each one of a list, in order.
template <class... Parameters>
constexpr void for_each_parameter(const std::tuple<Parameters...>& list, auto&& visit) {
  std::apply([&](const auto&... parameter) { (visit(parameter), ...); }, list);
}

/// Calls `visit(parameter)` for all of them.
constexpr void for_each_parameter(auto&& visit) {
  for_each_parameter(first_parameters, visit);
  for_each_parameter(later_parameters, visit);
}

}  // namespace lockbench
