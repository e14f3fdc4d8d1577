#include "harness/cli/contradictions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "harness/errors.hpp"

namespace lockbench {
namespace {

using Names = std::span<const std::string_view>;

bool contains(Names names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

bool works_on(const Request& request, std::string_view workload) {
  return std::ranges::find(request.workloads, workload) != request.workloads.end();
}

void refuse_company_of_resume(Names given) {
  if (!contains(given, "--resume")) return;
  constexpr std::array<std::string_view, 4> welcome{"--resume", "--format", "--no-charts",
                                                    "--quiet"};
  for (const auto name : given) {
    if (contains(welcome, name)) continue;
    throw usage_error(
        fmt::format("{} does not go with --resume, which finishes the run as it was "
                    "started; only --format, --no-charts and --quiet may",
                    name));
  }
}

void refuse_two_sizes(Names given) {
  std::string_view first;
  for (const auto size : {"--quick", "--standard", "--full"}) {
    if (!contains(given, size)) continue;
    if (!first.empty()) throw usage_error(fmt::format("{} and {} exclude each other", first, size));
    first = size;
  }
}

void refuse_options_of_other_workloads(const Request& request, Names given) {
  for (const auto name : {"--producers", "--consumers"}) {
    if (contains(given, name) && !works_on(request, "producer_consumer")) {
      throw usage_error(
          fmt::format("{} has no effect on the workload mixed; add --workload "
                      "producer_consumer",
                      name));
    }
    if (contains(given, name) && contains(given, "--threads")) {
      throw usage_error(
          fmt::format("{} and --threads exclude each other: the threads of producer_consumer are "
                      "its producers and its consumers",
                      name));
    }
  }
  if (contains(given, "--read-ratio") && !works_on(request, "mixed")) {
    throw usage_error(
        "--read-ratio has no effect on the workload producer_consumer; add "
        "--workload mixed");
  }
}

void refuse_impossible_teams(const Request& request, Names given) {
  if (!works_on(request, "producer_consumer")) return;
  if (contains(given, "--threads") && !works_on(request, "mixed") &&
      std::ranges::min(request.threads) < 2) {
    throw usage_error("--threads: producer_consumer needs at least 2, a producer and a consumer");
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
  if (request.capacity == 0) return;
  const auto prefill = std::ranges::max(request.prefills);
  if (prefill < request.capacity) return;
  throw usage_error(
      fmt::format("--capacity {} has no room left after a prefill of {}; lower "
                  "--prefill, or leave --capacity out",
                  request.capacity, prefill));
}

}  // namespace

void refuse_contradictions(const CommandLine& line, Names given) {
  refuse_company_of_resume(given);
  refuse_two_sizes(given);
  refuse_options_of_other_workloads(line.request, given);
  refuse_impossible_teams(line.request, given);
  refuse_prefill_beyond_capacity(line.request);
}

}  // namespace lockbench
