#include "harness/results/run_record.hpp"

#include <iterator>
#include <utility>

namespace lockbench {

RunRecord::RunRecord(ResultsDirectory directory)
    : directory_(std::move(directory)),
      rows_(directory_->read_rows()),
      latencies_(read_latencies(directory_->path(), rows_)),
      finished_(directory_->finished()) {}

void RunRecord::append(const ProcessKey& key, ProcessRecord&& record) {
  if (directory_) directory_->append(key, record);
  latencies_.add_windows(record.rows);
  for (const auto& latency : record.latencies) latencies_.add(latency);
  rows_.insert(rows_.end(), std::make_move_iterator(record.rows.begin()),
               std::make_move_iterator(record.rows.end()));
  finished_.insert(key);
}

}  // namespace lockbench
