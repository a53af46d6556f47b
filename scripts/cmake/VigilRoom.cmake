# One CMake library a folder. The DEPENDS line of a room is the dependency rule: what it may include and nothing else.

# vigil_room(NAME DEPENDS earlier rooms... LIBRARIES third-party...): the library vigil_NAME of engine/src/NAME.
# LIBRARIES stay private: no header of a room shows a third-party type.
function(vigil_room name)
  cmake_parse_arguments(ROOM "" "" "DEPENDS;LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  add_library(vigil_${name} STATIC ${sources})
  set_target_properties(vigil_${name} PROPERTIES LINKER_LANGUAGE CXX)
  target_include_directories(vigil_${name} PUBLIC
    $<BUILD_INTERFACE:${VIGIL_ROOM_INCLUDE}> $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/engine/include>)
  list(TRANSFORM ROOM_DEPENDS PREPEND vigil_)
  target_link_libraries(vigil_${name} PUBLIC ${ROOM_DEPENDS} PRIVATE $<BUILD_INTERFACE:vigil_compiler> ${ROOM_LIBRARIES})
endfunction()

# vigil_unit_tests(NAME LINK targets... FROM folder): one doctest program over the *_test.cpp of a folder, as test NAME.
function(vigil_unit_tests name)
  cmake_parse_arguments(UNIT "" "FROM" "LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${UNIT_FROM}/*_test.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${name} ${sources} ${CMAKE_SOURCE_DIR}/tests/support/doctest_main.cpp)
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests ${CMAKE_SOURCE_DIR}/engine/src)
  target_link_libraries(${name} PRIVATE ${UNIT_LINK} vigil_compiler)
  target_compile_definitions(${name} PRIVATE VIGIL_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  # What tests do themselves need not be fast; it is compiled in less time.
  if(VIGIL_SANITIZE)
    target_compile_options(${name} PRIVATE ${VIGIL_QUICK_SANITIZED})
  else()
    target_compile_options(${name} PRIVATE -O1)
  endif()
  add_test(NAME ${name} COMMAND ${name})
endfunction()
