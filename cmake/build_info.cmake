# What the build knows about itself. Compiler, flags and library versions are fixed at configure
# time; the commit is looked up at every build, since configuring is rare and committing is not.

# Debian's package carries no version in its headers; elsewhere there may be no dpkg at all.
function(_lockbench_package_version package result)
  set(${result} "unknown" PARENT_SCOPE)
  find_program(LOCKBENCH_DPKG_QUERY dpkg-query)
  mark_as_advanced(LOCKBENCH_DPKG_QUERY)
  if(LOCKBENCH_DPKG_QUERY)
    execute_process(COMMAND ${LOCKBENCH_DPKG_QUERY} -W -f=\${Version} ${package}
                    OUTPUT_VARIABLE version RESULT_VARIABLE failed ERROR_QUIET)
    if(NOT failed AND version)
      set(${result} "${version}" PARENT_SCOPE)
    endif()
  endif()
endfunction()

# Gives `target` the header harness/machine/facts/build_info.hpp and the commit it declares.
function(lockbench_add_build_info target)
  set(generated ${PROJECT_BINARY_DIR}/generated)
  string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
  get_target_property(options lockbench_options INTERFACE_COMPILE_OPTIONS)
  list(JOIN options " " options)
  string(STRIP "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${type}} -std=c++${CMAKE_CXX_STANDARD} ${options}"
         LOCKBENCH_COMPILE_FLAGS)
  _lockbench_package_version(libconcurrentqueue-dev LOCKBENCH_CONCURRENTQUEUE_VERSION)
  configure_file(${PROJECT_SOURCE_DIR}/harness/machine/facts/build_info.hpp.in
                 ${generated}/harness/machine/facts/build_info.hpp @ONLY)

  add_custom_target(lockbench_commit
    COMMAND ${CMAKE_COMMAND} -D SOURCE_DIR=${PROJECT_SOURCE_DIR}
            -D OUTPUT=${generated}/commit.cpp -P ${PROJECT_SOURCE_DIR}/cmake/write_commit.cmake
    BYPRODUCTS ${generated}/commit.cpp
    COMMENT "Looking up the commit"
    VERBATIM)
  target_sources(${target} PRIVATE ${generated}/commit.cpp)
  # It changes with every commit, and what would be compiled with it does not.
  set_source_files_properties(${generated}/commit.cpp PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${generated}>)
  add_dependencies(${target} lockbench_commit)
endfunction()
