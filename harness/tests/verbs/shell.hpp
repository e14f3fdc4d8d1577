#pragma once

/// Runs a command line of the shell for tests of what other programs read: man pages, completion.

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

namespace lockbench::test {

/// Standard output and error of `command` together.
inline std::string output_of(const std::string& command) {
  std::string output;
  FILE* const pipe = popen(("{ " + command + "\n} 2>&1").c_str(), "r");
  if (pipe == nullptr) return "popen failed";
  std::array<char, 4096> buffer{};
  while (const auto count = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    output.append(buffer.data(), count);
  }
  pclose(pipe);
  return output;
}

inline bool has_program(const std::string& name) {
  return !output_of("command -v " + name).empty();
}

/// A file of this process's own with `text` in it, removed at the end of the scope.
class TemporaryFile {
public:
  explicit TemporaryFile(const std::string& text)
      : path_(::testing::TempDir() + "lockbench-cli-" + std::to_string(getpid())) {
    std::ofstream(path_) << text;
  }
  ~TemporaryFile() { std::remove(path_.c_str()); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

private:
  std::string path_;
};

}  // namespace lockbench::test
