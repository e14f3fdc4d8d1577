# Build-wide settings: language, warnings and sanitizers live on one interface target that every
# target of this project links.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

option(LOCKBENCH_TESTS "Build the tests" ON)
option(LOCKBENCH_BENCHMARKS "Build the developer benchmarks (storage reference, lock-free tables)" ON)
option(LOCKBENCH_UNITY_BUILD "Compile several sources as one, a third faster in all" ON)
option(LOCKBENCH_WARNINGS_AS_ERRORS "Treat warnings as errors" OFF)
set(LOCKBENCH_SANITIZE "" CACHE STRING "Sanitizers, comma separated: thread, or address,undefined")

add_library(lockbench_options INTERFACE)
add_library(lockbench::options ALIAS lockbench_options)
target_include_directories(lockbench_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(lockbench_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                       -Wnon-virtual-dtor -Woverloaded-virtual -Wnull-dereference)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Harmless on this code: alignment of padded types is deliberate and never crosses an ABI.
  target_compile_options(lockbench_options INTERFACE -Wno-interference-size)
  if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # GCC 12 sees overlapping copies in std::string's own operator+ (GCC bug 105651).
    target_compile_options(lockbench_options INTERFACE -Wno-restrict)
  endif()
endif()
target_compile_options(lockbench_options INTERFACE -ffunction-sections)  # see cmake/layouts.cmake
if(LOCKBENCH_WARNINGS_AS_ERRORS)
  target_compile_options(lockbench_options INTERFACE -Werror)
endif()
if(LOCKBENCH_SANITIZE)
  target_compile_options(lockbench_options INTERFACE -fsanitize=${LOCKBENCH_SANITIZE}
                         -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(lockbench_options INTERFACE -fsanitize=${LOCKBENCH_SANITIZE})
endif()
