#include "harness/plan/memory_need.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "harness/base/errors.hpp"
#include "harness/metrics/latencies.hpp"
#include "harness/workloads/catalogue.hpp"

namespace lockbench {
namespace {

/// Any strategy keeps a record of a task, its place in the order and its place in an index by id: 64
/// bytes are less than any takes. A bare package keeps an id.
constexpr double least_task_bytes = 64;
constexpr double least_element_bytes = 8;
/// The same in the tables of a queue that has been full: a heap keeps cancelled tasks, too.
constexpr double full_task_bytes = 96;

constexpr double stack_bytes = 16 << 10;
constexpr double process_bytes = 8 << 20;

bool stores_nothing(const Block& block) {
  return std::ranges::all_of(block.labels,
                             [](const Label& label) { return label.strategy == "null"; });
}

std::string size_text(double bytes) {
  constexpr double mib = 1 << 20;
  return bytes < 1024 * mib ? fmt::format("{:.0f} MiB", bytes / mib)
                            : fmt::format("{:.1f} GiB", bytes / (1024 * mib));
}

/// The options whose values make up a good part of the need, with these values.
std::string options_to_lower(const Block& block, const MemoryNeed& need) {
  constexpr double good_part = 0.2;
  const auto& point = block.point;
  std::vector<std::string> options;
  if (need.tasks > good_part * need.total()) {
    options.push_back(fmt::format("--prefill ({})", point.prefill));
    if (point.payload_bytes > least_task_bytes) {
      options.push_back(fmt::format("--payload ({})", point.payload_bytes));
    }
  }
  if (need.threads > good_part * need.total()) {
    options.push_back(point.producers > 0 ? fmt::format("--producers ({}) or --consumers ({})",
                                                        point.producers, point.consumers)
                                          : fmt::format("--threads ({})", point.threads));
    if (block.sample_every != 0) options.emplace_back("the histograms, by --sample 0");
  }
  return options.empty() ? "" : fmt::format("; lower {}", fmt::join(options, " or "));
}

}  // namespace

MemoryNeed memory_need(const Block& block) {
  const auto& point = block.point;
  const auto workload = workload_named(point.workload);
  const double task_bytes =
      workload.only_tag.empty() ? least_task_bytes + point.payload_bytes : least_element_bytes;
  const double tasks = stores_nothing(block) ? 0
                                             : static_cast<double>(point.prefill) +
                                                   standing_tasks_of(point, workload);
  const double histograms = block.sample_every != 0 ? operation_kinds : 0;
  return {.tasks = tasks * task_bytes,
          .threads = point.threads * (stack_bytes + histograms * LatencyHistogram::bytes),
          .process = process_bytes};
}

double full_queue_bytes(const Block& block) {
  if (stores_nothing(block)) return 0;
  const auto workload = workload_named(block.point.workload);
  return (full_task_bytes + block.point.payload_bytes) * effective_capacity(block.point, workload);
}

void refuse_too_large(const Plan& plan, const MemoryRoom& room) {
  for (const auto& block : plan.blocks) {
    const auto need = memory_need(block);
    if (need.total() <= room.bytes) continue;
    throw usage_error(fmt::format("{} needs at least {} of memory, but {} are to be had ({}){}",
                                  block.id, size_text(need.total()), size_text(room.bytes),
                                  room.limited_by, options_to_lower(block, need)));
  }
}

std::string warning_of_full_queues(const Plan& plan, const MemoryRoom& room) {
  const auto largest = std::ranges::max_element(plan.blocks, {}, &full_queue_bytes);
  if (largest == plan.blocks.end() || full_queue_bytes(*largest) <= room.bytes) return "";
  return fmt::format(
      "{}: a full queue takes {}, but {} are to be had ({}): memory may run out; "
      "lower --capacity or --payload",
      largest->id, size_text(full_queue_bytes(*largest)), size_text(room.bytes), room.limited_by);
}

}  // namespace lockbench
