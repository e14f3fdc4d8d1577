#pragma once

/// The one error type of the harness's edges, and the exit codes that `main` turns it into.

#include <stdexcept>
#include <string>

namespace lockbench {

enum class ExitCode : int {
  ok = 0,
  failure = 1,       ///< something could not be done: a file, a process, a disk
  usage = 2,         ///< unknown name, bad number, contradicting options
  regression = 3,    ///< a comparison found a slowdown
  violated = 4,      ///< a strategy broke its contract
  inconclusive = 5,  ///< no verdict, or an environment unfit for one
  interrupted = 130  ///< SIGINT or SIGTERM; the run can be resumed
};

/// Returns the code that a reader must know first when both apply.
[[nodiscard]] constexpr ExitCode worse(ExitCode one, ExitCode other) noexcept {
  for (const auto code :
       {ExitCode::violated, ExitCode::failure, ExitCode::interrupted, ExitCode::inconclusive}) {
    if (one == code || other == code) return code;
  }
  return ExitCode::ok;
}

/// Says what was tried, with which value, and what to do about it. Only `main` catches it.
class Error : public std::runtime_error {
public:
  Error(ExitCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  [[nodiscard]] ExitCode code() const noexcept { return code_; }

private:
  ExitCode code_;
};

[[nodiscard]] inline Error usage_error(const std::string& message) {
  return {ExitCode::usage, message};
}
[[nodiscard]] inline Error failure(const std::string& message) {
  return {ExitCode::failure, message};
}

}  // namespace lockbench
