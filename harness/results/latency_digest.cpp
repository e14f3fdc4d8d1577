#include "harness/results/latency_digest.hpp"

#include <algorithm>
#include <array>

#include "harness/metrics/latency_kind.hpp"

namespace lockbench {

LatencyDigest::LatencyDigest(std::span<const WindowRow> rows) {
  for (const auto& row : rows) {
    if (row.valid) valid_.insert({row.case_id, row.process, row.window});
  }
}

bool LatencyDigest::keeps(std::string_view kind) noexcept {
  constexpr std::array kept{all_operations_kind, to_string(LatencyKind::sojourn),
                            to_string(LatencyKind::service), to_string(LatencyKind::handoff)};
  return std::ranges::find(kept, kind) != kept.end();
}

void LatencyDigest::add(const LatencyRow& row) {
  if (!keeps(row.kind) || !valid_.contains({row.case_id, row.process, row.window})) return;
  merged_[{row.case_id, row.kind}].merge(row.histogram);
}

const LatencyHistogram* LatencyDigest::find(const std::string& case_id,
                                            std::string_view kind) const {
  const auto found = merged_.find({case_id, std::string(kind)});
  return found == merged_.end() ? nullptr : &found->second;
}

}  // namespace lockbench
