# Install rules and the .deb: the program, the Python package it draws charts with, and what it
# says about itself (manual page, completion).
#
# The program looks for its Python package in ../share/lockbench beside it, so an installed tree may
# be moved, or else in scripts/ of the source tree it was built in.
include(GNUInstallDirs)

set(manual_page ${PROJECT_BINARY_DIR}/bench.1)
set(bash_completion ${PROJECT_BINARY_DIR}/bench.bash)
add_custom_command(OUTPUT ${manual_page}.gz
                   COMMAND bench man > ${manual_page}
                   COMMAND gzip -9nf ${manual_page}
                   DEPENDS bench VERBATIM COMMENT "Writing the manual page")
add_custom_command(OUTPUT ${bash_completion}
                   COMMAND bench completion > ${bash_completion}
                   DEPENDS bench VERBATIM COMMENT "Writing the bash completion")
add_custom_target(documentation ALL DEPENDS ${manual_page}.gz ${bash_completion})

install(TARGETS bench)
install(DIRECTORY scripts/lockbench DESTINATION ${CMAKE_INSTALL_DATADIR}/lockbench
        PATTERN __pycache__ EXCLUDE)
install(FILES ${manual_page}.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${bash_completion} RENAME bench
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
file(GLOB documents CONFIGURE_DEPENDS docs/*.md)
install(FILES ${documents} CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES results/README.md RENAME results.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES LICENSE RENAME copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "lockbench maintainers <maintainers@lockbench.invalid>")
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS python3-matplotlib)
include(CPack)
