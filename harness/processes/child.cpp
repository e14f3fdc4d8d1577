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

#include "harness/base/errors.hpp"
#include "harness/base/file_descriptor.hpp"
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

/// Appends the bytes that are there to `text`. False at the end of the stream.
bool read_some(int descriptor, std::string& text) {
  std::array<char, 65536> buffer{};
  const auto count = ::read(descriptor, buffer.data(), buffer.size());
  if (count < 0) return errno == EINTR || errno == EAGAIN;
  text.append(buffer.data(), static_cast<std::size_t>(count));
  return count > 0;
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

private:
  pid_t pid_ = 0;
};

/// The streams of a child, and where their bytes go.
class Streams {
public:
  /// -1 stands for a stream that there is not.
  Streams(int output, int errors, const ChildWatch& watch)
      : streams_{{{output, POLLIN, 0}, {errors, POLLIN, 0}}}, on_output_(watch.on_output) {}

  /// Waits a moment for bytes and keeps them. True if they are progress.
  bool read(ChildOutcome& outcome) {
    constexpr int moment_ms = 200;
    for (auto& stream : streams_) stream.revents = 0;
    ::poll(streams_.data(), streams_.size(), moment_ms);
    (void)take(streams_[1], outcome.error_text);
    constexpr std::size_t kept = 4096;
    if (outcome.error_text.size() > kept) {
      outcome.error_text.erase(0, outcome.error_text.size() - kept);
    }
    if (!on_output_) {
      (void)take(streams_[0], outcome.output);
      return false;
    }
    std::string bytes;
    return take(streams_[0], bytes) && on_output_(bytes);
  }
  [[nodiscard]] bool are_open() const noexcept {
    return streams_[0].fd >= 0 || streams_[1].fd >= 0;
  }

private:
  /// False if no bytes were there.
  static bool take(pollfd& stream, std::string& text) {
    if (stream.revents == 0) return false;
    const auto before = text.size();
    if (!read_some(stream.fd, text)) stream.fd = -1;  // poll skips it from now on
    return text.size() > before;
  }

  std::array<pollfd, 2> streams_;
  const std::function<bool(std::string_view)>& on_output_;
};

/// Leaves early only when the child is to be killed, which its destructor does.
ChildOutcome follow(Child& child, Streams streams, const ChildWatch& watch) {
  const auto allowance = std::chrono::duration_cast<SteadyClock::duration>(
      std::chrono::duration<double>(watch.allowance_s));
  ChildOutcome outcome;
  auto deadline = SteadyClock::now() + allowance;
  for (;;) {
    const bool progressed = streams.are_open() && streams.read(outcome);
    watch.tick();
    if (interrupted()) {
      outcome.end = ChildEnd::interrupted;
      return outcome;
    }
    if (!streams.are_open()) {
      if (const auto status = child.status()) {
        if (*status == 0) return outcome;
        outcome.end = ChildEnd::crashed;
        outcome.what = how_it_ended(*status);
        return outcome;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    if (progressed) deadline = SteadyClock::now() + allowance;
    if (SteadyClock::now() > deadline) {
      outcome.end = ChildEnd::hung;
      outcome.what = fmt::format("no end after {:.3g} s", watch.allowance_s);
      return outcome;
    }
  }
}

}  // namespace

ChildOutcome run_program(const std::vector<std::string>& arguments, std::string_view input,
                         const ChildWatch& watch) {
  Pipe in = make_pipe();
  Pipe out = make_pipe();
  Pipe errors = make_pipe();
  std::vector<std::string> words{"bench"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  Child child([&] {
    ::dup2(in.read_end.get(), STDIN_FILENO);
    ::dup2(out.write_end.get(), STDOUT_FILENO);
    ::dup2(errors.write_end.get(), STDERR_FILENO);
    ::execv("/proc/self/exe", pointers.data());
    return 127;
  });
  // The child holds these ends now: its streams end with it.
  in.read_end = FileDescriptor();
  out.write_end = FileDescriptor();
  errors.write_end = FileDescriptor();
  write_all(in.write_end.get(), input);
  in.write_end = FileDescriptor();
  return follow(child, {out.read_end.get(), errors.read_end.get(), watch}, watch);
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
  return follow(child, {out.read_end.get(), -1, watch}, watch);
}

}  // namespace lockbench
