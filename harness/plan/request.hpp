#pragma once

/// A user's request for a measurement, parsed and checked but not yet planned.

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "harness/base/parameter_list.hpp"

namespace lockbench {

/// A bound on a quantile of the sojourn time, as in `p99=100us`.
struct ServiceLevel {
  std::string quantile = "p99";  ///< one of the standard quantiles' names
  double limit_ns = 0;

  bool operator==(const ServiceLevel&) const = default;
};

/// What is to be measured, and how. Of each parameter that a workload uses, the plan takes every
/// combination of the listed values. Names are known and numbers within their bounds.
struct Request : ParameterLists {
  Request() : ParameterLists(usual_lists()) {}

  /// In registry order, without repeats. `null` and the A/A twin are added by the plan.
  std::vector<std::string> strategies;
  /// One operation in this many is timed, in windows of their own; 0: none is; empty: chosen per
  /// point, see sampling.hpp.
  std::optional<std::uint32_t> sample_every;
  /// Whether each thread's share of each window is recorded, too.
  bool per_thread = false;
  /// A bound on sojourn times; the highest load that holds it is looked for.
  std::optional<ServiceLevel> slo;
  /// Adds points with a producer and a consumer on one CPU. Waking a sleeper on another CPU can cost
  /// ten times as much, and strategies that park are to be read beside both.
  bool same_cpu_point = false;

  /// In seconds; empty: chosen per point from threads and usable CPUs.
  std::optional<double> window_s;
  std::optional<double> warm_up_s;
  std::uint32_t windows = 3;    ///< per strategy and process
  std::uint32_t processes = 8;  ///< replicates of every block
  /// How many layouts of the measuring code the processes are spread over; empty: all that there are.
  std::optional<std::uint32_t> layouts;
  /// Further processes are run until half the 95 % interval of each case's median is at most this
  /// share of the median, 0.001 … 1; empty: the replicates above and no more.
  std::optional<double> precision;
  /// Seconds of wall time that those further processes may take; empty: chosen from the plan.
  std::optional<double> budget_s;
  /// Seconds that one window may take, start to end, before its process is killed.
  double watchdog_s = 10;
  std::uint64_t seed = 0;  ///< recorded; chosen at random when the user gave none

  bool operator==(const Request&) const = default;
};

/// What a run's context keeps of a request, so that `--resume` knows it; parameters follow their own
/// table. A new member of `Request` is named here, too, which a test of the option table demands.
inline constexpr std::tuple recorded_members{std::pair{"strategies", &Request::strategies},
                                             std::pair{"sample_every", &Request::sample_every},
                                             std::pair{"per_thread", &Request::per_thread},
                                             std::pair{"slo", &Request::slo},
                                             std::pair{"same_cpu_point", &Request::same_cpu_point},
                                             std::pair{"window_s", &Request::window_s},
                                             std::pair{"warm_up_s", &Request::warm_up_s},
                                             std::pair{"windows", &Request::windows},
                                             std::pair{"processes", &Request::processes},
                                             std::pair{"layouts", &Request::layouts},
                                             std::pair{"precision", &Request::precision},
                                             std::pair{"budget_s", &Request::budget_s},
                                             std::pair{"watchdog_s", &Request::watchdog_s},
                                             std::pair{"seed", &Request::seed}};

/// Returns the request as a run's context keeps it, so that the run can be resumed.
[[nodiscard]] nlohmann::json to_json(const Request& request);
/// Reads what `to_json` wrote. Throws `Error` (failure) for anything else.
[[nodiscard]] Request request_from_json(const nlohmann::json& object);

}  // namespace lockbench
