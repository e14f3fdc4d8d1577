#pragma once

/// A made-up /proc and /sys in a temporary directory.

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string_view>

#include "harness/machine/facts/system_files.hpp"

namespace lockbench {

class InventedFiles {
public:
  InventedFiles() {
    static int made = 0;
    root_ = std::filesystem::temp_directory_path() /
            fmt::format("lockbench-invented-{}-{}", getpid(), ++made);
    std::filesystem::create_directories(root_);
  }
  ~InventedFiles() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }
  InventedFiles(const InventedFiles&) = delete;
  InventedFiles& operator=(const InventedFiles&) = delete;

  InventedFiles& with(std::string_view path, std::string_view text) {
    const auto file = root_ / std::filesystem::path(path).relative_path();
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
    return *this;
  }

  [[nodiscard]] SystemFiles files() const { return {root_}; }

private:
  std::filesystem::path root_;
};

}  // namespace lockbench
