#include "harness/results/latency_digest.hpp"

namespace lockbench {

bool LatencyDigest::keeps(LatencyKind kind) noexcept {
  using enum LatencyKind;
  return kind == all || kind == sojourn || kind == service || kind == handoff;
}

void LatencyDigest::add_windows(std::span<const WindowRow> rows) {
  for (const auto& row : rows) {
    if (row.valid()) valid_.insert({row.case_id, row.process, row.window});
  }
}

void LatencyDigest::add(const LatencyRow& row) {
  if (!keeps(row.kind) || !valid_.contains({row.case_id, row.process, row.window})) return;
  merged_[{row.case_id, row.kind}].merge(row.histogram);
}

const LatencyHistogram* LatencyDigest::find(const std::string& case_id, LatencyKind kind) const {
  const auto found = merged_.find({case_id, kind});
  return found == merged_.end() ? nullptr : &found->second;
}

}  // namespace lockbench
