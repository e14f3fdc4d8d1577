#pragma once

/// What a user asked to have measured, after parsing and checking, before planning.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/case_parameters.hpp"

namespace lockbench {

/// A bound on a quantile of the sojourn time, as in `p99=100us`.
struct ServiceLevel {
  std::string quantile = "p99";  ///< one of the standard quantiles' names
  double limit_ns = 0;

  bool operator==(const ServiceLevel&) const = default;
};

/// Lists sweep: the plan takes every combination. Names are known and numbers within their bounds.
struct Request {
  /// In registry order, without repeats. `null` and the A/A twin are added by the plan.
  std::vector<std::string> strategies;
  std::vector<std::string> workloads{"mixed"};
  std::vector<std::uint32_t> threads{1};
  /// `producer_consumer` only. Empty: half of `threads` each, at least one of each.
  std::vector<std::uint32_t> producers;
  std::vector<std::uint32_t> consumers;
  /// `mixed` only.
  std::vector<double> read_ratios{0.5};
  std::vector<std::uint32_t> priorities{16};
  std::vector<std::uint32_t> prefills{1024};
  std::vector<std::uint32_t> payload_bytes{16};
  std::vector<Pinning> pinnings{Pinning::compact};
  std::uint32_t capacity = 0;
  /// Calibrated work in ns; see `CaseParameters`. `works_ns` is for workloads with work.
  std::vector<std::uint32_t> critical_sections_ns{0};
  std::vector<std::uint32_t> thinks_ns{0};
  std::vector<std::uint32_t> works_ns{1000};
  Jitter critical_section_jitter = Jitter::none;
  Jitter think_jitter = Jitter::none;
  Jitter work_jitter = Jitter::none;
  std::vector<PriorityOrder> priority_orders{PriorityOrder::uniform};
  std::vector<std::uint32_t> bursts{64};
  std::vector<double> cancel_ratios{0.5};
  std::vector<double> loads{0.3, 0.5, 0.7, 0.9, 0.95};
  std::vector<Arrivals> arrivals{Arrivals::poisson};
  /// One operation in this many is timed, in windows of their own; 0: none is.
  std::uint32_t sample_every = 256;
  /// Each thread's share of each window is recorded too.
  bool per_thread = false;
  /// What a sojourn time may be: the highest load that holds it is looked for.
  std::optional<ServiceLevel> slo;
  /// One point more: a producer and a consumer on one CPU. Waking a sleeper on another CPU can cost
  /// ten times as much, and strategies that park are to be read beside both.
  bool same_cpu_point = false;

  /// Seconds; empty: chosen per point from threads and usable CPUs.
  std::optional<double> window_s;
  std::optional<double> warm_up_s;
  std::uint32_t windows = 3;    ///< per strategy and process
  std::uint32_t processes = 8;  ///< replicates of every block
  /// Half-width over median that the 95 % interval of each case's median is to come down to, 0.001
  /// … 1, by further processes; empty: the replicates above and no more.
  std::optional<double> precision;
  /// Seconds of wall time for those further processes; empty: chosen from the plan.
  std::optional<double> budget_s;
  /// Seconds that one window may take, start to end, before its process is killed.
  double watchdog_s = 10;
  std::uint64_t seed = 0;  ///< recorded; chosen at random when the user gave none

  bool operator==(const Request&) const = default;
};

}  // namespace lockbench
