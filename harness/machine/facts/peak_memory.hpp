#pragma once

/// Reads how much memory this process keeps in RAM, and the most it kept since a reset.
///
/// Figures are of the whole process: no thread has memory of its own. The kernel counts in pages and in batches
/// for each CPU, so figures may be off by some tens of pages a CPU. A reading costs a few µs and
/// allocates, a reset walks the page tables: both belong outside the timed part. The peak is one for
/// the whole process, so resets by several threads take it from each other; otherwise thread-safe.

#include <cstdint>
#include <string>

#include "harness/machine/facts/probed.hpp"
#include "harness/machine/facts/system_files.hpp"

namespace lockbench {

/// Makes the present resident memory the peak (proc(5), clear_refs, 5). Returns why it could not:
/// some containers mount /proc read-only. Empty when it did.
[[nodiscard]] std::string reset_peak(const SystemFiles& files = {});

/// Resident memory now, and the most since the process started or the peak was reset.
[[nodiscard]] Probed<std::int64_t> rss_bytes(const SystemFiles& files = {});
[[nodiscard]] Probed<std::int64_t> peak_rss_bytes(const SystemFiles& files = {});

/// The state that a later peak is compared with.
struct MemoryBaseline {
  Probed<std::int64_t> rss_bytes;
  Probed<std::int64_t> peak_bytes;  ///< after the reset, where there was one
  std::string reset_refused;        ///< why there was none; empty when there was
};

/// Resets the peak and notes where it stands.
[[nodiscard]] MemoryBaseline take_memory_baseline(const SystemFiles& files = {});

/// Returns how far resident memory rose at most above the baseline, at least 0. Without a reset this is
/// known only when the peak is a new one; an old one may hide any growth below it. Pure.
[[nodiscard]] Probed<std::int64_t> peak_growth_bytes(const MemoryBaseline& baseline,
                                                     const Probed<std::int64_t>& peak_bytes);

}  // namespace lockbench
