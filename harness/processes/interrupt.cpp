#include "harness/processes/interrupt.hpp"

#include <csignal>

namespace lockbench {
namespace {

volatile std::sig_atomic_t asked_to_stop = 0;

extern "C" void note_interrupt(int /*signal*/) {
  asked_to_stop = 1;
}

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = note_interrupt;
  // A second interrupt has its default action. Without SA_RESTART, poll() and sleeps return early.
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() noexcept {
  return asked_to_stop != 0;
}

}  // namespace lockbench
