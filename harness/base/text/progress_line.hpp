#pragma once

#include <chrono>
#include <cstdio>
#include <string>

namespace lockbench {

/// Returns a time for people, rounded up to whole seconds: `1h02m`, `3m20s`, `12s`.
[[nodiscard]] std::string duration_text(double seconds);

/// Progress and time left, on standard error: one line redrawn at most twice a second on a
/// terminal, a plain line every few seconds elsewhere, nothing when quiet.
class ProgressLine {
public:
  /// `predicted_s`: for all of the work.
  ProgressLine(double predicted_s, bool quiet);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// Shows that work of `done_s` seconds, by the same prediction, is done and `what` is under way.
  void show(double done_s, const std::string& what);
  /// Starts on other work, which takes `predicted_s` in all.
  void restart(double predicted_s);
  /// Removes the progress line, before somebody else prints.
  void clear();
  /// Prints a message of its own, above the progress line.
  void say(const std::string& message);

private:
  using Clock = std::chrono::steady_clock;

  double predicted_s_;
  bool quiet_;
  bool terminal_;
  bool line_shown_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_ = start_;
};

}  // namespace lockbench
