#pragma once

/// Child processes. Work in a child may crash or hang without harm to its parent. A child never outlives
/// its parent: the kernel kills it. It leaves no core file, and leaves the terminal's Ctrl-C to its
/// parent.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/machine/facts/probed.hpp"

namespace lockbench {

enum class ChildEnd : std::uint8_t {
  finished,
  crashed,        ///< it ended by a signal, or with an error
  hung,           ///< it made no progress for longer than allowed, and was killed
  out_of_memory,  ///< the kernel killed it for want of memory, or refused it more
  interrupted,    ///< this process was asked to stop, and killed it
};

struct ChildOutcome {
  ChildEnd end = ChildEnd::finished;
  std::string output;  ///< complete if it finished; empty if `ChildWatch::on_output` received it
  std::string error_text;  ///< the last 4 KiB of its standard error; empty for `run_function`
  std::string what;        ///< `killed by signal 6 (Aborted)`, `no end after 10.2 s`
};

struct ChildWatch {
  /// The longest time without progress. It does not run while the child or this process is stopped.
  double allowance_s = 60;
  std::function<void()> tick = [] {};  ///< called a few times a second
  /// Receives output as it comes, if set. Returning true means progress: the allowance starts anew.
  std::function<bool(std::string_view)> on_output = {};
};

/// Whether a child ended for want of memory, by its status of waitpid, by how many processes the kernel
/// had killed for that when it began and when it ended (`read_oom_kills`), and by what it wrote to its
/// standard error: C++ names a refused allocation there, whether or not somebody caught it. Pure.
[[nodiscard]] bool tells_out_of_memory(int status, const Probed<std::int64_t>& kills_before,
                                       const Probed<std::int64_t>& kills_after,
                                       std::string_view error_text);

inline const std::string this_program = "/proc/self/exe";
/// Returns the directory that this program lies in, whatever it was called by: what belongs to it is
/// found from there. Empty where /proc does not tell.
[[nodiscard]] std::filesystem::path program_directory();

/// Starts `program` with `arguments` in the environment of `child_environment()`, writes `input` to its
/// standard input and waits for its end. Throws `Error` if no process can be started. For one thread at
/// a time.
[[nodiscard]] ChildOutcome run_program(const std::vector<std::string>& arguments,
                                       std::string_view input, const ChildWatch& watch,
                                       const std::string& program = this_program);

/// Calls `work` in a forked child and returns its result as `output`: for a function that no program
/// can be started for, such as a test's own queue. The child shares this process's standard error and
/// ends by `_exit`, whatever threads are stuck in it. Call it only while this process has one thread.
/// Throws `Error` if no process can be started.
[[nodiscard]] ChildOutcome run_function(const std::function<std::string()>& work,
                                        const ChildWatch& watch);

}  // namespace lockbench
