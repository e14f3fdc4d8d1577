#pragma once

/// A child process of this very program, with pipes to its streams. What is done in one may crash
/// or hang without harm to the parent; none outlives its parent.

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "harness/base/file_descriptor.hpp"

namespace lockbench {

/// Killed and waited for when it goes out of scope. Used by one thread.
class SpawnedChild {
public:
  /// Starts the program anew with these arguments. Throws `Error` when that cannot be done.
  explicit SpawnedChild(const std::vector<std::string>& arguments);
  SpawnedChild(const SpawnedChild&) = delete;
  SpawnedChild& operator=(const SpawnedChild&) = delete;
  ~SpawnedChild();

  /// Writes all of `text` to its standard input and closes that. A child that died before reading it
  /// is noticed by its end.
  void send(std::string_view text);
  void kill() const noexcept;
  /// Waits for its end; the status of waitpid. Once only.
  int wait() noexcept;
  [[nodiscard]] int output() const noexcept { return output_.get(); }
  [[nodiscard]] int errors() const noexcept { return errors_.get(); }

private:
  pid_t pid_ = 0;
  FileDescriptor input_;
  FileDescriptor output_;
  FileDescriptor errors_;
};

/// A status of waitpid in words: `killed by signal 6 (Aborted)`.
[[nodiscard]] std::string how_it_ended(int status);

/// Reads what is there into `bytes`. False at the end of the stream.
[[nodiscard]] bool read_some(int descriptor, std::string& bytes);

/// For a child to call first: it dies with its parent, leaves no core file, and lets the parent act
/// on the terminal's Ctrl-C.
void die_with_parent();

/// Whether the other end of standard input is gone. A child whose parent keeps that open as long as
/// it lives sees by it that the parent ended before `die_with_parent` took effect.
[[nodiscard]] bool parent_is_gone() noexcept;

}  // namespace lockbench
