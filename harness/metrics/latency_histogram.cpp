#include "harness/metrics/latency_histogram.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>

#include "harness/base/errors.hpp"
#include "harness/base/field_text.hpp"

namespace lockbench {
namespace {

constexpr std::uint64_t most_in_bucket = std::numeric_limits<std::uint32_t>::max();

struct Entry {
  std::uint64_t lower_ns = 0;
  std::uint64_t samples = 0;
};

Error unreadable(std::string_view entry, std::string_view expected) {
  return {ExitCode::failure,
          fmt::format("latency histogram: entry '{}' cannot be read: {}", entry, expected)};
}

Entry entry_from(std::string_view text) {
  const auto colon = text.find(':');
  Entry entry;
  if (colon == std::string_view::npos || !field::read(text.substr(0, colon), entry.lower_ns) ||
      !field::read(text.substr(colon + 1), entry.samples)) {
    throw unreadable(text, "lower_ns:count is expected, both whole numbers");
  }
  if (entry.samples == 0 || entry.samples > most_in_bucket) {
    throw unreadable(text, fmt::format("a count is 1 to {}", most_in_bucket));
  }
  return entry;
}

}  // namespace

std::uint64_t LatencyHistogram::lower_edge(std::size_t bucket) noexcept {
  const std::size_t shift = bucket < 2 * per_octave ? 0 : bucket / per_octave - 1;
  return static_cast<std::uint64_t>(bucket - shift * per_octave) << shift;
}

std::uint64_t LatencyHistogram::upper_edge(std::size_t bucket) noexcept {
  return lower_edge(bucket + 1) - 1;
}

double LatencyHistogram::midpoint_ns(std::size_t bucket) noexcept {
  return (static_cast<double>(lower_edge(bucket)) + static_cast<double>(upper_edge(bucket))) / 2;
}

void LatencyHistogram::merge(const LatencyHistogram& other) {
  for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
    const std::uint64_t samples = std::uint64_t{counts_[bucket]} + other.counts_[bucket];
    if (samples <= most_in_bucket) continue;
    throw Error(ExitCode::failure,
                fmt::format("latency histogram: {} samples of {} ns are more than the {} that a "
                            "bucket holds; sample less often",
                            samples, lower_edge(bucket), most_in_bucket));
  }
  std::transform(counts_.begin(), counts_.end(), other.counts_.begin(), counts_.begin(),
                 std::plus<>());
  count_ += other.count_;
  exact_.sum_ns += other.exact_.sum_ns;
  exact_.min_ns = std::min(exact_.min_ns, other.exact_.min_ns);
  exact_.max_ns = std::max(exact_.max_ns, other.exact_.max_ns);
}

double LatencyHistogram::mean_ns() const noexcept {
  return count_ == 0 ? 0 : static_cast<double>(exact_.sum_ns) / static_cast<double>(count_);
}

std::uint64_t LatencyHistogram::rank(double q) const noexcept {
  // Products like 0.07 * 100 come out a little above the whole number they are.
  constexpr double rounding = 1e-6;
  const double wanted = std::ceil(q * static_cast<double>(count_) - rounding);
  return std::clamp(static_cast<std::uint64_t>(std::max(wanted, 1.0)), std::uint64_t{1}, count_);
}

double LatencyHistogram::value_at(double q) const noexcept {
  if (count_ == 0) return 0;
  std::uint64_t left = rank(q);
  std::size_t bucket = 0;
  for (; counts_[bucket] < left; ++bucket) left -= counts_[bucket];
  return std::clamp(midpoint_ns(bucket), static_cast<double>(exact_.min_ns),
                    static_cast<double>(exact_.max_ns));
}

std::optional<double> LatencyHistogram::quantile_ns(double q) const noexcept {
  if (count_ == 0 || count_ - rank(q) < fewest_beyond_quantile) return std::nullopt;
  return value_at(q);
}

std::string LatencyHistogram::to_text() const {
  fmt::memory_buffer text;
  for_each_bucket([&](std::uint64_t lower_ns, std::uint64_t samples) {
    fmt::format_to(std::back_inserter(text), "{}{}:{}", text.size() == 0 ? "" : " ", lower_ns,
                   samples);
  });
  return fmt::to_string(text);
}

LatencyHistogram LatencyHistogram::from_text(std::string_view text,
                                             const std::optional<ExactFigures>& exact) {
  LatencyHistogram histogram;
  std::size_t next = 0;  // first bucket that may still come
  while (!text.empty()) {
    const auto entry_text = text.substr(0, text.find(' '));
    const auto [lower_ns, samples] = entry_from(entry_text);
    const std::size_t bucket = bucket_of(lower_ns);
    if (lower_edge(bucket) != lower_ns) {
      throw unreadable(entry_text, fmt::format("no bucket starts there, the nearest below is {}",
                                               lower_edge(bucket)));
    }
    if (bucket < next) throw unreadable(entry_text, "entries ascend");
    histogram.counts_[bucket] = static_cast<std::uint32_t>(samples);
    histogram.count_ += samples;
    histogram.exact_.min_ns = std::min(histogram.exact_.min_ns, lower_ns);
    histogram.exact_.max_ns = upper_edge(bucket);
    histogram.exact_.sum_ns += lower_ns * samples + (upper_edge(bucket) - lower_ns) * samples / 2;
    next = bucket + 1;
    text.remove_prefix(std::min(entry_text.size() + 1, text.size()));
  }
  if (exact) histogram.take_over(*exact);
  return histogram;
}

void LatencyHistogram::take_over(const ExactFigures& exact) {
  const auto held = this->exact();  // the outermost edges
  if (bucket_of(exact.min_ns) != bucket_of(held.min_ns) ||
      bucket_of(exact.max_ns) != bucket_of(held.max_ns)) {
    throw Error(ExitCode::failure,
                fmt::format("latency histogram: a least of {} ns and a most of {} ns do not belong "
                            "to buckets from {} to {} ns",
                            exact.min_ns, exact.max_ns, held.min_ns, held.max_ns));
  }
  if (count_ != 0) exact_ = exact;
}

}  // namespace lockbench
