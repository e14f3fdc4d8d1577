# The measuring code, linked in several layouts: harness/processes/layouts.hpp says what for.
#
# The linker places each function where a script of its own wants it, with gaps of random length
# between them: order and alignment differ, the machine code does not. The scripts follow from the
# archive's list of functions and the layout's number, so that a build can be repeated.
set(LOCKBENCH_LAYOUTS_DEFAULT 0)
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT LOCKBENCH_SANITIZE)
  set(LOCKBENCH_LAYOUTS_DEFAULT 24)
endif()
set(LOCKBENCH_LAYOUTS ${LOCKBENCH_LAYOUTS_DEFAULT} CACHE STRING
    "In how many layouts the measuring code is linked; 0: only as the program has it")

# Where the programs lie, seen from bench, in the build and when installed.
set(lockbench_built_layouts layouts)
file(RELATIVE_PATH lockbench_installed_layouts /${CMAKE_INSTALL_BINDIR}
     /${CMAKE_INSTALL_LIBEXECDIR}/lockbench)

# Links `library` and harness/layout_main.cpp in all layouts whenever `program` is built.
function(lockbench_add_layouts program library)
  if(LOCKBENCH_LAYOUTS EQUAL 0)
    return()
  endif()
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
  add_library(lockbench_layout_main OBJECT layout_main.cpp)
  target_link_libraries(lockbench_layout_main PRIVATE ${library})

  set(directory ${CMAKE_CURRENT_BINARY_DIR}/${lockbench_built_layouts})
  set(scripts "")
  foreach(layout RANGE 1 ${LOCKBENCH_LAYOUTS})
    list(APPEND scripts ${directory}/layout-${layout}.ld)
  endforeach()
  set(generator ${PROJECT_SOURCE_DIR}/cmake/shuffle_functions.py)
  add_custom_command(OUTPUT ${scripts}
                     COMMAND Python3::Interpreter -I ${generator} ${CMAKE_OBJDUMP}
                             $<TARGET_FILE:${library}> ${scripts}
                     DEPENDS ${library} ${generator} VERBATIM COMMENT "Shuffling functions")
  add_custom_target(lockbench_layout_scripts DEPENDS ${scripts})

  foreach(layout RANGE 1 ${LOCKBENCH_LAYOUTS})
    set(script ${directory}/layout-${layout}.ld)
    add_executable(layout-${layout} $<TARGET_OBJECTS:lockbench_layout_main>)
    add_dependencies(layout-${layout} lockbench_layout_scripts)
    target_link_libraries(layout-${layout} PRIVATE ${library})
    # Without symbols and without what measuring does not need: the program exists two dozen times.
    target_link_options(layout-${layout} PRIVATE -Wl,--strip-all,--gc-sections,-T,${script})
    set_target_properties(layout-${layout} PROPERTIES LINK_DEPENDS ${script}
                          RUNTIME_OUTPUT_DIRECTORY ${directory})
    add_dependencies(${program} layout-${layout})
    install(TARGETS layout-${layout} DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/lockbench)
  endforeach()
endfunction()
