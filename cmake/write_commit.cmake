# cmake -D SOURCE_DIR=... -D OUTPUT=... -P write_commit.cmake
#
# Writes the commit that is being built, and whether what is compiled differs from it. Touches the
# file only when that changed, so nothing is rebuilt for nothing. Anything but a git checkout of
# exactly this project (a tarball, a copy inside another repository, no git) says "unknown".
set(commit "unknown")
set(state "unknown")

# The build runs this project's own scripts in any case, so whoever owns the checkout is trusted:
# containers and sudo often build as another user.
# --no-optional-locks: a build must not get in the way of a commit that is being made.
set(git git --no-optional-locks -C ${SOURCE_DIR} -c safe.directory=${SOURCE_DIR})
set(compiled CMakeLists.txt CMakePresets.json cmake strategies harness)

execute_process(COMMAND ${git} rev-parse --show-prefix HEAD
                OUTPUT_VARIABLE answer RESULT_VARIABLE failed ERROR_QUIET)
# Two lines: the path below the repository's top, empty here, and the commit.
if(NOT failed AND answer MATCHES "^\n([0-9a-f]+)\n$")
  set(commit ${CMAKE_MATCH_1})
  # Untracked files count: sources are found by pattern, so they are compiled too.
  execute_process(COMMAND ${git} status --porcelain --untracked-files=normal -- ${compiled}
                  OUTPUT_VARIABLE changes RESULT_VARIABLE failed ERROR_QUIET)
  if(failed)
    set(state "unknown")
  elseif(changes STREQUAL "")
    set(state "clean")
  else()
    set(state "dirty")
  endif()
endif()

set(text "// Written by cmake/write_commit.cmake at every build.
#include \"harness/machine/facts/build_info.hpp\"

const char* const lockbench::build_info::commit = \"${commit}\";
const char* const lockbench::build_info::tree_state = \"${state}\";
")
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "${text}" @ONLY)
