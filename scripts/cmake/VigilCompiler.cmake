# How every target of this project is compiled: C++20, warnings are errors, sanitizers by preset, ccache when present.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

set(VIGIL_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize takes them: address,undefined or thread")
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

add_library(vigil_compiler INTERFACE)
target_compile_options(vigil_compiler INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # g++ 12 sees overlapping copies in `"text" + std::string` when it optimises (GCC bug 105651, a false positive).
  target_compile_options(vigil_compiler INTERFACE $<$<CONFIG:Release>:-Wno-restrict>)
endif()
if(VIGIL_SANITIZE)
  # With sanitizers g++ 12 takes the functions inside std::regex for uninitialised (GCC bug 105562, a false positive).
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    add_compile_options(-Wno-maybe-uninitialized)
  endif()
  add_compile_options(-fsanitize=${VIGIL_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${VIGIL_SANITIZE})
  # Where compiling takes longer than running (the tests, the service): unoptimised, and without the checks of each
  # access that the processor or the address sanitizer makes anyway, which are a third of what compiling costs.
  set(VIGIL_QUICK_SANITIZED -O0)
  if(VIGIL_SANITIZE MATCHES undefined)
    list(APPEND VIGIL_QUICK_SANITIZED -fno-sanitize=null,alignment,object-size,vptr)
  endif()
endif()
