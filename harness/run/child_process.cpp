#include "harness/run/child_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <system_error>

#include <nlohmann/json.hpp>

#include "harness/engine/block_runner.hpp"
#include "harness/errors.hpp"
#include "harness/run/interrupt.hpp"

namespace lockbench {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// A file descriptor that closes itself.
class Descriptor {
public:
  explicit Descriptor(int number = -1) noexcept : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { close(); }
  void close() noexcept {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }
  [[nodiscard]] int number() const noexcept { return number_; }

private:
  int number_;
};

struct Pipe {
  Descriptor read_end;
  Descriptor write_end;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw failure("cannot make a pipe: " + std::generic_category().message(errno));
  }
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

/// A started child and our ends of its streams.
class Child {
public:
  Child() {
    Pipe input = make_pipe();
    Pipe output = make_pipe();
    Pipe errors = make_pipe();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input.read_end.number(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output.write_end.number(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, errors.write_end.number(), STDERR_FILENO);
    std::string program = "bench";
    std::string verb = "child";
    std::array<char*, 3> arguments{program.data(), verb.data(), nullptr};
    const int error =
        ::posix_spawn(&pid_, "/proc/self/exe", &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
      throw failure("cannot start a measuring process: " + std::generic_category().message(error));
    }
    input_ = std::move(input.write_end);
    output_ = std::move(output.read_end);
    errors_ = std::move(errors.read_end);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ > 0) {
      kill();
      (void)wait();
    }
  }

  /// Sends the task; a child that died before reading it is noticed by its end.
  void send(const std::string& text) {
    std::string_view rest = text;
    while (!rest.empty()) {
      const auto written = ::write(input_.number(), rest.data(), rest.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) break;
      rest.remove_prefix(static_cast<std::size_t>(written));
    }
    input_.close();
  }
  void kill() const noexcept { ::kill(pid_, SIGKILL); }
  /// The status of waitpid.
  int wait() noexcept {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = 0;
    return status;
  }
  [[nodiscard]] int output() const noexcept { return output_.number(); }
  [[nodiscard]] int errors() const noexcept { return errors_.number(); }

private:
  pid_t pid_ = 0;
  Descriptor input_;
  Descriptor output_;
  Descriptor errors_;
};

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    return fmt::format("killed by signal {} ({})", signal, strsignal(signal));
  }
  return fmt::format("ended with exit code {}", WEXITSTATUS(status));
}

/// Follows what a child prints, line by line.
class Transcript {
public:
  /// True when a line showed that a window began or ended.
  bool read_output(std::string_view bytes) {
    bool progressed = false;
    for (const char byte : bytes) {
      if (byte != '\n') {
        line_ += byte;
        continue;
      }
      progressed |= read_line();
      line_.clear();
    }
    return progressed;
  }
  void read_errors(std::string_view bytes) {
    constexpr std::size_t kept = 4096;
    outcome.error_text += bytes;
    if (outcome.error_text.size() > kept) {
      outcome.error_text.erase(0, outcome.error_text.size() - kept);
    }
  }
  [[nodiscard]] bool complete() const noexcept { return complete_; }

  ChildOutcome outcome;

private:
  bool read_line() {
    const std::string_view line = line_;
    if (line == child_line::end) {
      complete_ = true;
      outcome.culprit.reset();
    } else if (line.starts_with(child_line::begin)) {
      const auto digits = line.substr(child_line::begin.size());
      std::uint32_t label = 0;
      std::from_chars(digits.data(), digits.data() + digits.size(), label);
      outcome.culprit = label;
    } else if (line.starts_with(child_line::row)) {
      outcome.rows.push_back(row_from_csv(line.substr(child_line::row.size())));
      outcome.culprit.reset();
    } else {
      return false;  // not ours: something a library printed
    }
    return true;
  }

  std::string line_;
  bool complete_ = false;
};

/// Reads what is there. False at the end of the stream.
bool read_some(int descriptor, std::string& bytes) {
  std::array<char, 65536> buffer{};
  const auto count = ::read(descriptor, buffer.data(), buffer.size());
  if (count < 0) return errno == EINTR || errno == EAGAIN;
  bytes.assign(buffer.data(), static_cast<std::size_t>(count));
  return count > 0;
}

}  // namespace

ChildOutcome run_child(const BlockTask& task, double allowance_s,
                       const std::function<void()>& tick) {
  constexpr int tick_ms = 200;
  const auto allowance =
      std::chrono::duration_cast<SteadyClock::duration>(std::chrono::duration<double>(allowance_s));
  Child child;
  child.send(to_json(task).dump());

  Transcript transcript;
  auto& outcome = transcript.outcome;
  auto deadline = SteadyClock::now() + allowance;
  bool output_open = true;
  bool errors_open = true;
  std::string bytes;
  while (output_open) {
    std::array<pollfd, 2> streams{
        {{child.output(), POLLIN, 0}, {errors_open ? child.errors() : -1, POLLIN, 0}}};
    ::poll(streams.data(), streams.size(), tick_ms);
    tick();
    if (interrupted()) {
      child.kill();
      outcome.end = ChildEnd::interrupted;
      return outcome;
    }
    bytes.clear();
    if (streams[1].revents != 0) {
      errors_open = read_some(child.errors(), bytes);
      transcript.read_errors(bytes);
    }
    bytes.clear();
    if (streams[0].revents != 0) {
      output_open = read_some(child.output(), bytes);
      if (transcript.read_output(bytes)) deadline = SteadyClock::now() + allowance;
    }
    if (SteadyClock::now() > deadline) {
      child.kill();
      outcome.end = ChildEnd::hung;
      outcome.what = fmt::format("no end after {:.3g} s", allowance_s);
      return outcome;
    }
  }
  const int status = child.wait();
  for (bytes.clear(); errors_open && read_some(child.errors(), bytes); bytes.clear()) {
    transcript.read_errors(bytes);
  }
  if (status != 0 || !transcript.complete()) {
    outcome.end = ChildEnd::crashed;
    outcome.what = how_it_ended(status);
  }
  return outcome;
}

int child_main() {
  // Nothing outlives the run: neither this process, nor a core file for a planned crash.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  std::signal(SIGINT, SIG_IGN);  // the terminal's Ctrl-C is for the parent to act on

  const auto json = nlohmann::json::parse(std::cin, nullptr, false);
  if (json.is_discarded()) throw usage_error("'child' is not for users: it reads a task as JSON");
  const auto say = [](std::string_view line) {
    fmt::print("{}\n", line);
    std::fflush(stdout);
  };
  run_block(
      block_task_from_json(json),
      {.window_begins =
           [&](std::uint32_t label) { say(fmt::format("{}{}", child_line::begin, label)); },
       .window_ended =
           [&](const WindowRow& row) { say(fmt::format("{}{}", child_line::row, to_csv(row))); }});
  say(child_line::end);
  return 0;
}

}  // namespace lockbench
