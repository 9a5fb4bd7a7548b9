# orchestrator_add_plugin(greet greet.cpp more.cpp
#                         [LIBRARIES target…]      what it links besides the SDK
#                         [EMBED schema.json…]     text files as string literals: #include "embedded/schema.json.inc"
#                         [TESTS test.cpp…]        a test program, from the tests and the plugin's own sources
#                         [TEST_LIBRARIES target…]
#                         [EXAMPLES folder]        *.json for the check; default: examples, when it is there
#                         [CONFIG file.json]       the configuration for the check
#                         [SKIP_CHECKS name…])     checks that this plugin cannot pass, say why beside it
#
# Makes greet.so: a module with one exported symbol and every other one hidden, with no symbol left to find at run time. `ctest` then
# runs the tests and orchestrator-plugin-check; `cmake --install` puts it where the server looks.
set(ORCHESTRATOR_PLUGIN_VERSION_SCRIPT "${CMAKE_CURRENT_LIST_DIR}/orchestrator_plugin.map")
set(ORCHESTRATOR_EMBED_SCRIPT "${CMAKE_CURRENT_LIST_DIR}/OrchestratorEmbed.cmake")

function(_orchestrator_embed name files)
  foreach(file ${files})
    get_filename_component(base "${file}" NAME)
    set(output "${CMAKE_CURRENT_BINARY_DIR}/${name}_embedded/embedded/${base}.inc")
    add_custom_command(OUTPUT "${output}" DEPENDS "${file}" "${ORCHESTRATOR_EMBED_SCRIPT}"
      COMMAND "${CMAKE_COMMAND}" "-DINPUT=${CMAKE_CURRENT_SOURCE_DIR}/${file}" "-DOUTPUT=${output}" -P "${ORCHESTRATOR_EMBED_SCRIPT}" COMMENT "" VERBATIM)
    list(APPEND outputs "${output}")
  endforeach()
  set(embedded_${name} "${outputs}" PARENT_SCOPE)
endfunction()

function(_orchestrator_plugin_tests name)
  cmake_parse_arguments(A "" "EXAMPLES;CONFIG" "SOURCES;LIBRARIES;TESTS;TEST_LIBRARIES;SKIP_CHECKS" ${ARGN})
  if(A_TESTS)
    add_executable(${name}_test ${A_TESTS} ${A_SOURCES} ${embedded_${name}})
    target_include_directories(${name}_test PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}" "${CMAKE_CURRENT_BINARY_DIR}/${name}_embedded")
    target_link_libraries(${name}_test PRIVATE Orchestrator::sdk ${A_LIBRARIES} ${A_TEST_LIBRARIES} Threads::Threads)
    add_test(NAME ${name}.test COMMAND ${name}_test)
  endif()
  if(NOT ORCHESTRATOR_PLUGIN_CHECK)
    message(WARNING "orchestrator-plugin-check was not found: ${name} is not checked by ctest")
    return()
  endif()
  set(arguments "")
  if(NOT A_EXAMPLES AND IS_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}/examples")
    set(A_EXAMPLES examples)
  endif()
  if(A_EXAMPLES)
    list(APPEND arguments --examples "${CMAKE_CURRENT_SOURCE_DIR}/${A_EXAMPLES}")
  endif()
  if(A_CONFIG)
    list(APPEND arguments --config "${CMAKE_CURRENT_SOURCE_DIR}/${A_CONFIG}")
  endif()
  foreach(check ${A_SKIP_CHECKS})
    list(APPEND arguments --skip ${check})
  endforeach()
  add_test(NAME ${name}.check COMMAND "${ORCHESTRATOR_PLUGIN_CHECK}" ${arguments} "$<TARGET_FILE:${name}>")
endfunction()

function(orchestrator_add_plugin name)
  cmake_parse_arguments(A "" "EXAMPLES;CONFIG" "LIBRARIES;EMBED;TESTS;TEST_LIBRARIES;SKIP_CHECKS" ${ARGN})
  set(sources ${A_UNPARSED_ARGUMENTS})
  if(NOT sources)
    message(FATAL_ERROR "orchestrator_add_plugin(${name} ...): no source file is named")
  endif()
  _orchestrator_embed(${name} "${A_EMBED}")
  add_library(${name} MODULE ${sources} ${embedded_${name}})
  set_target_properties(${name} PROPERTIES PREFIX "" SUFFIX .so C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON POSITION_INDEPENDENT_CODE ON LINK_DEPENDS "${ORCHESTRATOR_PLUGIN_VERSION_SCRIPT}")
  target_include_directories(${name} PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}" "${CMAKE_CURRENT_BINARY_DIR}/${name}_embedded")
  target_link_libraries(${name} PRIVATE Orchestrator::sdk ${A_LIBRARIES})
  target_link_options(${name} PRIVATE "LINKER:--version-script=${ORCHESTRATOR_PLUGIN_VERSION_SCRIPT}" LINKER:--gc-sections)
  if(NOT "${CMAKE_CXX_FLAGS} ${CMAKE_C_FLAGS}" MATCHES "-fsanitize=") # a sanitizer's run-time library comes from the program
    target_link_options(${name} PRIVATE LINKER:-z,defs)
  endif()
  find_package(Threads REQUIRED)
  install(TARGETS ${name} LIBRARY DESTINATION "${ORCHESTRATOR_PLUGIN_DIR}")
  _orchestrator_plugin_tests(${name} SOURCES ${sources} LIBRARIES ${A_LIBRARIES} TESTS ${A_TESTS} TEST_LIBRARIES ${A_TEST_LIBRARIES}
    EXAMPLES ${A_EXAMPLES} CONFIG ${A_CONFIG} SKIP_CHECKS ${A_SKIP_CHECKS})
endfunction()
