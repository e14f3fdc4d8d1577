#include "harness/processes/forked_child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <string_view>
#include <system_error>

#include "harness/base/errors.hpp"
#include "harness/base/file_descriptor.hpp"
#include "harness/processes/interrupt.hpp"
#include "harness/processes/spawned_child.hpp"

namespace lockbench {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// Killed and waited for when it goes out of scope.
class Forked {
public:
  explicit Forked(pid_t pid) noexcept : pid_(pid) {}
  Forked(const Forked&) = delete;
  Forked& operator=(const Forked&) = delete;
  ~Forked() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    (void)wait();
  }
  int wait() noexcept {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = 0;
    return status;
  }

private:
  pid_t pid_;
};

void write_all(int descriptor, std::string_view text) noexcept {
  while (!text.empty()) {
    const auto written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

[[noreturn]] void do_in_child(const std::function<std::string()>& work, int output, pid_t parent) {
  die_with_parent();
  if (::getppid() != parent) ::_exit(1);  // it had ended before that took effect
  int code = 1;
  try {
    write_all(output, work());
    code = 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench: {}\n", error.what());
    std::fflush(stderr);
  }
  ::_exit(code);
}

}  // namespace

ForkOutcome run_forked(const std::function<std::string()>& work, double allowance_s,
                       const std::function<void()>& tick) {
  constexpr int tick_ms = 200;
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw failure("cannot make a pipe: " + std::generic_category().message(errno));
  }
  const FileDescriptor read_end(ends[0]);
  FileDescriptor write_end(ends[1]);
  std::fflush(stdout);  // or else the child would have a copy to write
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) {
    throw failure("cannot start a process: " + std::generic_category().message(errno));
  }
  if (pid == 0) do_in_child(work, write_end.get(), parent);
  Forked child(pid);
  write_end = FileDescriptor();

  ForkOutcome outcome;
  const auto deadline = SteadyClock::now() + std::chrono::duration<double>(allowance_s);
  std::string bytes;
  for (bool open = true; open;) {
    pollfd stream{.fd = read_end.get(), .events = POLLIN, .revents = 0};
    ::poll(&stream, 1, tick_ms);
    tick();
    if (interrupted()) {
      outcome.end = ForkEnd::interrupted;
      return outcome;
    }
    if (stream.revents != 0) {
      bytes.clear();
      open = read_some(read_end.get(), bytes);
      outcome.output += bytes;
    } else if (SteadyClock::now() > deadline) {
      outcome.end = ForkEnd::hung;
      outcome.what = fmt::format("no end after {:.3g} s", allowance_s);
      return outcome;
    }
  }
  if (const int status = child.wait(); status != 0) {
    outcome.end = ForkEnd::crashed;
    outcome.what = how_it_ended(status);
  }
  return outcome;
}

}  // namespace lockbench
