#pragma once

#include <optional>
#include <set>
#include <vector>

#include "harness/results/latency_digest.hpp"
#include "harness/results/process_record.hpp"
#include "harness/results/results_directory.hpp"

namespace lockbench {

/// Everything that a run has recorded, in memory; written to a directory as well, where there is one.
/// Not thread-safe.
class RunRecord {
public:
  /// In memory alone.
  RunRecord() = default;
  /// Starts with what the directory holds. Throws as `read_trials`.
  explicit RunRecord(ResultsDirectory directory);

  /// Keeps what one finished process recorded. Throws as `ResultsDirectory::append`; then nothing is
  /// kept.
  void append(const ProcessKey& key, ProcessRecord&& record);

  [[nodiscard]] const std::vector<WindowRow>& rows() const noexcept { return rows_; }
  /// The latencies of the windows that count, merged by case.
  [[nodiscard]] const LatencyDigest& latencies() const noexcept { return latencies_; }
  [[nodiscard]] const std::set<ProcessKey>& finished() const noexcept { return finished_; }
  /// Precondition: there is one.
  [[nodiscard]] const ResultsDirectory& directory() const { return directory_.value(); }

private:
  std::optional<ResultsDirectory> directory_;
  std::vector<WindowRow> rows_;
  LatencyDigest latencies_;
  std::set<ProcessKey> finished_;
};

}  // namespace lockbench
