# How the tests of an executable become tests of CTest: one each, so that each has a name, a time and a
# verdict. A sanitized process takes so long to start that there an executable is one test.
include(GoogleTest)

#   lockbench_add_tests(TARGET LABEL [RUN_SERIAL ON])
function(lockbench_add_tests target label)
  if(LOCKBENCH_SANITIZE)
    add_test(NAME ${target} COMMAND ${target})
    set_tests_properties(${target} PROPERTIES TIMEOUT 1200 LABELS ${label} ${ARGN})
  else()
    gtest_discover_tests(${target} DISCOVERY_TIMEOUT 60
                         PROPERTIES TIMEOUT 300 LABELS ${label} ${ARGN})
  endif()
endfunction()

# For tests whose own code, with what it inlines from headers, need not be fast: -O1 compiles in half to
# two thirds of the time. What they link stays as it is released.
#   lockbench_compile_tests_quickly(TARGET)
function(lockbench_compile_tests_quickly target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
endfunction()
