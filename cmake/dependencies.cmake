# Debian 12 packages; `scripts/packages.txt` names the same set for the launcher.
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(benchmark REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json 3 REQUIRED)
find_package(Boost 1.74 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(hwloc REQUIRED IMPORTED_TARGET hwloc)
find_path(CONCURRENTQUEUE_INCLUDE_DIR concurrentqueue/concurrentqueue.h REQUIRED)

add_library(lockbench_concurrentqueue INTERFACE)
target_include_directories(lockbench_concurrentqueue SYSTEM INTERFACE ${CONCURRENTQUEUE_INCLUDE_DIR})

if(LOCKBENCH_TESTS)
  find_package(GTest REQUIRED)
  enable_testing()
endif()
if(LOCKBENCH_BENCHMARKS)
  find_package(absl REQUIRED)  # the reference that the shared storage is measured against
endif()
