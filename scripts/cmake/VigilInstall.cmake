# What `cmake --install` gives: the program, the libraries with the public headers, the package `vigil`, the knowledge.
include(CMakePackageConfigHelpers)

set(VIGIL_EXPORTED vigil_antlr_grammar)
foreach(room IN LISTS VIGIL_ROOMS ITEMS knowledge fhir)
  if(TARGET vigil_${room})
    list(APPEND VIGIL_EXPORTED vigil_${room})
  endif()
endforeach()
list(REMOVE_DUPLICATES VIGIL_EXPORTED)

# What an application links: the engine whole, and the adapters that read data.
add_library(vigil INTERFACE)
target_link_libraries(vigil INTERFACE vigil_testing vigil_rulebook vigil_formatting vigil_fhir vigil_knowledge)
target_include_directories(vigil INTERFACE
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/vigil/adapters>)
add_library(vigil::vigil ALIAS vigil)

install(TARGETS vigil ${VIGIL_EXPORTED} EXPORT vigilTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT vigilTargets NAMESPACE vigil:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/vigil)
configure_package_config_file(${CMAKE_SOURCE_DIR}/scripts/cmake/vigil-config.cmake.in ${CMAKE_BINARY_DIR}/vigil-config.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/vigil)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/vigil-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/vigil-config.cmake ${CMAKE_BINARY_DIR}/vigil-config-version.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/vigil)

install(DIRECTORY engine/include/vigil DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES adapters/fhir/fhir_reader.h adapters/fhir/drafts.h adapters/fhir/bulk_reader.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/vigil/adapters/fhir OPTIONAL)
install(FILES adapters/knowledge/knowledge_reader.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/vigil/adapters/knowledge)
install(DIRECTORY knowledge-base rules DESTINATION ${CMAKE_INSTALL_DATADIR}/vigil)
install(DIRECTORY docs/errors DESTINATION ${CMAKE_INSTALL_DATADIR}/vigil)
