#pragma once

/// What a user asked to have measured, after parsing and checking, before planning.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/plan/parameters.hpp"

namespace lockbench {

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
  /// One point more: a producer and a consumer on one CPU. Waking a sleeper on another CPU can cost
  /// ten times as much, and strategies that park are to be read beside both.
  bool same_cpu_point = false;

  /// Seconds; empty: chosen per point from threads and usable CPUs.
  std::optional<double> window_s;
  std::optional<double> warm_up_s;
  std::uint32_t windows = 3;    ///< per strategy and process
  std::uint32_t processes = 8;  ///< replicates of every block
  /// Seconds that one window may take, start to end, before its process is killed.
  double watchdog_s = 10;
  std::uint64_t seed = 0;  ///< recorded; chosen at random when the user gave none

  bool operator==(const Request&) const = default;
};

}  // namespace lockbench
