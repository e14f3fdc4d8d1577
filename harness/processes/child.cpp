#include "harness/processes/child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "harness/base/errors.hpp"
#include "harness/base/exec_arguments.hpp"
#include "harness/base/file_descriptor.hpp"
#include "harness/machine/facts/cgroup.hpp"
#include "harness/machine/facts/memory_room.hpp"
#include "harness/machine/facts/system_files.hpp"
#include "harness/processes/allowance.hpp"
#include "harness/processes/child_environment.hpp"
#include "harness/processes/interrupt.hpp"

namespace lockbench {
namespace {

using SteadyClock = std::chrono::steady_clock;

struct Pipe {
  FileDescriptor read_end;
  FileDescriptor write_end;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw failure("cannot make a pipe: " + std::generic_category().message(errno));
  }
  return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

/// Stops early if nobody reads: a child that died is noticed by its end.
void write_all(int descriptor, std::string_view text) noexcept {
  while (!text.empty()) {
    const auto written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

/// Appends the bytes that are there to `text`, and marks a stream at its end as closed, so that poll
/// skips it. False if no bytes were there.
bool take(pollfd& stream, std::string& text) {
  if (stream.revents == 0) return false;
  std::array<char, 65536> buffer{};
  const auto count = ::read(stream.fd, buffer.data(), buffer.size());
  if (count > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(count));
    return true;
  }
  if (count == 0 || (errno != EINTR && errno != EAGAIN)) stream.fd = -1;
  return false;
}

/// A status of waitpid in words.
std::string how_it_ended(int status) {
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    return fmt::format("killed by signal {} ({})", signal, strsignal(signal));
  }
  return fmt::format("ended with exit code {}", WEXITSTATUS(status));
}

/// A forked process, killed and reaped when this goes out of scope.
class Child {
public:
  /// The child calls `body` and exits with its result. Between fork and exec, and wherever the parent
  /// has other threads, `body` may only do what is async-signal-safe.
  template <class Body>
  explicit Child(Body body) {
    std::fflush(stdout);  // so that the child does not hold a copy to write once more
    const pid_t parent = ::getpid();
    pid_ = ::fork();
    if (pid_ < 0) {
      throw failure("cannot start a process: " + std::generic_category().message(errno));
    }
    if (pid_ > 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(1);  // the parent ended before prctl took effect
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    std::signal(SIGINT, SIG_IGN);
    ::_exit(body());
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  /// The status of waitpid once the child has ended.
  [[nodiscard]] std::optional<int> status() noexcept {
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) != pid_) return std::nullopt;
    pid_ = 0;
    return status;
  }
  [[nodiscard]] bool is_stopped() {
    const auto stat = SystemFiles{}.read(fmt::format("/proc/{}/stat", pid_));
    if (stat.known() && tells_stopped(stat.value())) return true;
    if (!freezer_) freezer_.emplace(std::to_string(pid_));
    return freezer_->is_frozen();
  }

private:
  pid_t pid_ = 0;
  std::optional<FreezerWatch> freezer_;
};

/// The output of a child and its errors.
using Streams = std::array<pollfd, 2>;

/// Waits a moment for bytes and keeps them. True if they are progress.
bool read_streams(Streams& streams, const ChildWatch& watch, ChildOutcome& outcome) {
  constexpr std::size_t kept = 4096;
  if (::poll(streams.data(), streams.size(), static_cast<int>(between_looks.count())) <= 0)
    return false;
  auto& error_text = outcome.error_text;
  (void)take(streams[1], error_text);
  if (error_text.size() > kept) error_text.erase(0, error_text.size() - kept);
  std::string bytes;
  if (!take(streams[0], bytes)) return false;
  if (watch.on_output) return watch.on_output(bytes);
  outcome.output += bytes;
  return false;
}

/// Leaves early only when the child is to be killed, which its destructor does. -1 stands for a stream
/// that there is not.
ChildOutcome follow(Child& child, int output, int errors, const ChildWatch& watch) {
  Streams streams{{{output, POLLIN, 0}, {errors, POLLIN, 0}}};
  const auto are_open = [&] { return streams[0].fd >= 0 || streams[1].fd >= 0; };
  Allowance allowance(watch.allowance_s);
  ChildOutcome outcome;
  const auto ended = [&](ChildEnd end, std::string what) {
    outcome.end = end;
    outcome.what = std::move(what);
    return outcome;
  };
  const auto kills_before = read_oom_kills();
  auto last_look = SteadyClock::now();
  for (;;) {
    const bool progressed = are_open() && read_streams(streams, watch, outcome);
    watch.tick();
    if (interrupted()) return ended(ChildEnd::interrupted, {});
    if (!are_open()) {
      if (const auto status = child.status()) {
        if (*status == 0) return outcome;
        const bool out_of_memory =
            tells_out_of_memory(*status, kills_before, read_oom_kills(), outcome.error_text);
        return ended(out_of_memory ? ChildEnd::out_of_memory : ChildEnd::crashed,
                     how_it_ended(*status));
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    const auto now = SteadyClock::now();
    allowance.look(now - std::exchange(last_look, now), !progressed && child.is_stopped());
    if (progressed) allowance.renew();
    if (allowance.is_used_up()) {
      return ended(ChildEnd::hung, fmt::format("no end after {:.3g} s", watch.allowance_s));
    }
  }
}

}  // namespace

bool tells_out_of_memory(int status, const Probed<std::int64_t>& kills_before,
                         const Probed<std::int64_t>& kills_after, std::string_view error_text) {
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) {
    return kills_before.known() && kills_after.known() &&
           kills_after.value() > kills_before.value();
  }
  return status != 0 && error_text.find("std::bad_alloc") != std::string_view::npos;
}

std::filesystem::path program_directory() {
  std::error_code unreadable;
  return std::filesystem::read_symlink(this_program, unreadable).parent_path();
}

ChildOutcome run_program(const std::vector<std::string>& arguments, std::string_view input,
                         const ChildWatch& watch, const std::string& program) {
  Pipe in = make_pipe();
  Pipe out = make_pipe();
  Pipe errors = make_pipe();
  auto words = arguments;
  words.insert(words.begin(), "bench");
  auto environment = child_environment().entries;
  const auto argv = exec_arguments(words);
  const auto envp = exec_arguments(environment);
  Child child([&] {
    ::dup2(in.read_end.get(), STDIN_FILENO);
    ::dup2(out.write_end.get(), STDOUT_FILENO);
    ::dup2(errors.write_end.get(), STDERR_FILENO);
    ::execve(program.c_str(), argv.data(), envp.data());
    return 127;
  });
  // The child holds these ends now: its streams end with it.
  in.read_end = FileDescriptor();
  out.write_end = FileDescriptor();
  errors.write_end = FileDescriptor();
  write_all(in.write_end.get(), input);
  in.write_end = FileDescriptor();
  return follow(child, out.read_end.get(), errors.read_end.get(), watch);
}

ChildOutcome run_function(const std::function<std::string()>& work, const ChildWatch& watch) {
  Pipe out = make_pipe();
  Child child([&] {
    try {
      write_all(out.write_end.get(), work());
      return 0;
    } catch (const std::exception& error) {
      fmt::print(stderr, "bench: {}\n", error.what());
      std::fflush(stderr);
      return 1;
    }
  });
  out.write_end = FileDescriptor();
  return follow(child, out.read_end.get(), -1, watch);
}

}  // namespace lockbench
