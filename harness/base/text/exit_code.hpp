#pragma once

#include <exception>

#include "harness/base/errors.hpp"
#include "harness/base/text/output.hpp"

namespace lockbench {

/// Returns what `body` returns. An exception becomes a line on standard error and the exit code that
/// goes with it. For the outermost function of a program.
template <class Body>
[[nodiscard]] int exit_code_of(Body body) {
  try {
    return body();
  } catch (const Error& error) {
    tell("bench: {}\n", error.what());
    return static_cast<int>(error.code());
  } catch (const std::exception& error) {
    tell("bench: {}\n", error.what());
    return static_cast<int>(ExitCode::failure);
  }
}

}  // namespace lockbench
