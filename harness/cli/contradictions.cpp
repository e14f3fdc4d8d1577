#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "harness/base/errors.hpp"
#include "harness/cli/command_line.hpp"
#include "harness/workloads/catalogue.hpp"

namespace lockbench {
namespace {

using Names = std::span<const std::string_view>;

bool contains(Names names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

/// An option that does something else than the rest of its verb, so that few options go with it.
struct Loner {
  std::string_view option;
  std::vector<std::string_view> welcome;
  std::string_view reason;
};

void refuse_company_of_loners(Names given) {
  static const std::array loners{
      Loner{"--resume",
            {"--format", "--no-charts", "--quiet"},
            ", which finishes the run as it was started; only --format, --no-charts and --quiet "
            "may"},
      Loner{"--replay", {"--format"}, "; only --format may"},
      Loner{"--mutants",
            {"--seed", "--duration", "--format"},
            "; only --seed and --duration and --format may"},
  };
  for (const auto& loner : loners) {
    if (!contains(given, loner.option)) continue;
    for (const auto name : given) {
      if (name == loner.option || contains(loner.welcome, name)) continue;
      throw usage_error(fmt::format("{} does not go with {}{}", name, loner.option, loner.reason));
    }
  }
}

/// Options that cannot stand together.
struct Exclusion {
  std::string_view first, second;
  std::string_view reason = {};
};
constexpr std::array exclusions{
    Exclusion{"--quick", "--standard"}, Exclusion{"--quick", "--full"},
    Exclusion{"--standard", "--full"},
    Exclusion{"--cpus", "--pinning", ": a list of CPUs is a placement of its own"}};

void refuse_exclusions(Names given) {
  for (const auto& [first, second, reason] : exclusions) {
    if (!contains(given, first) || !contains(given, second)) continue;
    throw usage_error(fmt::format("{} and {} exclude each other{}", first, second, reason));
  }
}

void refuse_options_of_other_workloads(const Request& request, Names given) {
  const auto refuse = [&](std::string_view option, std::string_view parameter) {
    if (!contains(given, option)) return;
    const auto uses_it = [&](const WorkloadInfo& workload) {
      return workload.uses.contains(parameter);
    };
    if (std::ranges::any_of(request.workload, uses_it, workload_named)) return;
    const auto user = std::ranges::find_if(workload_catalogue(), uses_it);
    throw usage_error(fmt::format("{} has no effect on the workload{} {}; add --workload {}",
                                  option, request.workload.size() == 1 ? "" : "s",
                                  fmt::join(request.workload, ", "), user->name));
  };
  for_each_parameter([&](const auto& parameter) { refuse(parameter.option.name, parameter.name); });
  refuse("--slo", "load");
}

bool has_roles(const std::string& workload) {
  return workload_named(workload).has_roles();
}

void refuse_impossible_teams(const Request& request, Names given) {
  const auto paired = std::ranges::find_if(request.workload, has_roles);
  if (paired == request.workload.end()) return;
  for (const auto name : {"--producers", "--consumers"}) {
    if (contains(given, name) && contains(given, "--threads")) {
      throw usage_error(
          fmt::format("{} and --threads exclude each other: the threads of {} are "
                      "its producers and its consumers",
                      name, *paired));
    }
  }
  if (contains(given, "--threads") && std::ranges::all_of(request.workload, has_roles) &&
      std::ranges::min(request.threads) < 2) {
    throw usage_error(
        fmt::format("--threads: {} needs at least 2, a producer and a consumer", *paired));
  }
  constexpr std::uint32_t most_threads = 1024;
  if (request.producers.empty() || request.consumers.empty()) return;
  const auto producers = std::ranges::max(request.producers);
  const auto consumers = std::ranges::max(request.consumers);
  if (producers + consumers > most_threads) {
    throw usage_error(fmt::format("{} producers and {} consumers are more than {} threads",
                                  producers, consumers, most_threads));
  }
}

void refuse_prefill_beyond_capacity(const Request& request) {
  const auto capacity = request.capacity.front();
  if (capacity == 0) return;
  const auto prefill = std::ranges::max(request.prefill);
  if (prefill < capacity) return;
  throw usage_error(
      fmt::format("--capacity {} has no room left after a prefill of {}; lower "
                  "--prefill, or leave --capacity out",
                  capacity, prefill));
}

void refuse_jitter_of_no_work(const Request& request, Names given) {
  struct Amount {
    std::string_view jitter, option;
    const std::vector<std::uint32_t>& ns;
  };
  for (const auto& [jitter, option, ns] :
       {Amount{"--critical-section-jitter", "--critical-section", request.critical_section_ns},
        Amount{"--think-jitter", "--think", request.think_ns},
        Amount{"--work-jitter", "--work", request.work_ns}}) {
    if (!contains(given, jitter) || std::ranges::max(ns) > 0) continue;
    throw usage_error(
        fmt::format("{} has no effect without {}, whose amounts it spreads; add e.g. "
                    "{} 200ns",
                    jitter, option, option));
  }
}

}  // namespace

void refuse_contradictions(const CommandLine& line, Names given) {
  const auto& request = line.request;
  refuse_company_of_loners(given);
  refuse_exclusions(given);
  refuse_options_of_other_workloads(request, given);
  refuse_impossible_teams(request, given);
  if (contains(given, "--load") && std::ranges::min(request.load) <= 0) {
    throw usage_error("--load: '0' is not allowed; at a load of 0 nothing arrives");
  }
  refuse_prefill_beyond_capacity(request);
  if (contains(given, "--budget") && !contains(given, "--precision")) {
    throw usage_error(
        "--budget has no effect without --precision, whose processes it is for; add e.g. "
        "--precision 2%");
  }
  refuse_jitter_of_no_work(request, given);
  if (line.format == Format::gbench && line.verb != Verb::run && line.verb != Verb::sweep) {
    throw usage_error(
        "--format gbench is for run and sweep only; here it may be table, csv or json");
  }
  for (const auto* const alone : {"--replay", "--mutants"}) {
    if (line.format != Format::csv || !contains(given, alone)) continue;
    throw usage_error(fmt::format("{} prints no CSV; --format may be table or json", alone));
  }
}

}  // namespace lockbench
