/// Measures one block, as `bench child` does, and can do nothing else. CMake links it in several
/// layouts, see cmake/layouts.cmake.

#include <csignal>

#include "harness/base/text/exit_code.hpp"
#include "harness/processes/block_process.hpp"

int main() {
  std::signal(SIGPIPE, SIG_IGN);  // as in main.cpp
  std::signal(SIGXFSZ, SIG_IGN);
  return lockbench::exit_code_of(lockbench::child_main);
}
