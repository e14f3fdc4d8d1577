# Packages of Debian 12 and 13; `scripts/packages.txt` names the same set for the launcher. What a
# package says about itself (its CMake configuration, or else pkg-config) comes before what is looked
# for by hand: it stays right when files move.
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(benchmark REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json 3 REQUIRED)
find_package(Boost 1.74 CONFIG REQUIRED)  # CMake 3.30 dropped its own module
find_package(PkgConfig REQUIRED)
pkg_check_modules(hwloc REQUIRED IMPORTED_TARGET hwloc)

add_library(lockbench_concurrentqueue INTERFACE)
find_package(concurrentqueue CONFIG QUIET)
if(TARGET concurrentqueue::concurrentqueue)
  target_link_libraries(lockbench_concurrentqueue INTERFACE concurrentqueue::concurrentqueue)
else()
  # Debian 12's package has headers alone.
  find_path(CONCURRENTQUEUE_INCLUDE_DIR concurrentqueue/concurrentqueue.h REQUIRED)
  target_include_directories(lockbench_concurrentqueue SYSTEM INTERFACE
                             ${CONCURRENTQUEUE_INCLUDE_DIR})
endif()

if(LOCKBENCH_TESTS)
  find_package(GTest REQUIRED)
  enable_testing()
endif()
if(LOCKBENCH_BENCHMARKS)
  find_package(absl REQUIRED)  # the reference that the shared storage is measured against
endif()
