#pragma once

#include <chrono>
#include <cstdio>
#include <string>

namespace lockbench {

/// Progress and time left, on standard error: one line redrawn at most twice a second on a
/// terminal, a plain line every few seconds elsewhere, nothing when quiet.
class ProgressLine {
public:
  /// `predicted_s`: for all of the work.
  ProgressLine(double predicted_s, bool quiet);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// Work of `predicted_s` seconds (by the same prediction) is done; `what` is under way.
  void show(double done_s, const std::string& what);
  /// Other work begins, which takes `predicted_s` in all.
  void restart(double predicted_s);
  /// A message of its own, above the progress line.
  void say(const std::string& message);

private:
  using Clock = std::chrono::steady_clock;
  void clear_line();

  double predicted_s_;
  bool quiet_;
  bool terminal_;
  bool line_shown_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_ = start_;
};

/// `1h02m`, `3m20s`, `12s`.
[[nodiscard]] std::string duration_text(double seconds);

}  // namespace lockbench
