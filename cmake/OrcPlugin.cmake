# orc_plugin(http SOURCES … [LIBRARIES …] [EMBED schema/input.json …] [NO_INSTALL] [FOLDER dir]): the module <name>.so with one
# exported symbol.
#  LIBRARIES  what it links besides the SDK; of the host only orc_base, for base/json.h.
#  EMBED      text files that the sources want as string literals:
#             constexpr std::string_view kInput =
#             #include "embedded/input.json.inc"
#             ;
#  NO_INSTALL, FOLDER  for test plugins: not installed, and put into another folder.
set(ORC_PLUGIN_VERSION_SCRIPT ${CMAKE_SOURCE_DIR}/sdk/cmake/orchestrator_plugin.map)

function(orc_embed target file)
  get_filename_component(name ${file} NAME)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${target}/embedded/${name}.inc)
  set(script ${CMAKE_SOURCE_DIR}/sdk/cmake/OrchestratorEmbed.cmake)
  add_custom_command(OUTPUT ${output} DEPENDS ${file} ${script}
    COMMAND ${CMAKE_COMMAND} -DINPUT=${CMAKE_CURRENT_SOURCE_DIR}/${file} -DOUTPUT=${output} -P ${script} COMMENT "" VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()

function(orc_plugin name)
  cmake_parse_arguments(A "NO_INSTALL" "FOLDER" "SOURCES;LIBRARIES;EMBED" ${ARGN})
  if(NOT A_FOLDER)
    set(A_FOLDER ${ORC_PLUGIN_OUTPUT_DIR})
  endif()
  set(target plugin_${name})
  add_library(${target} MODULE ${A_SOURCES})
  foreach(file ${A_EMBED})
    orc_embed(${target} ${file})
  endforeach()
  set_target_properties(${target} PROPERTIES
    PREFIX "" OUTPUT_NAME ${name} SUFFIX .so LIBRARY_OUTPUT_DIRECTORY ${A_FOLDER} LINKER_LANGUAGE CXX
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS ${ORC_PLUGIN_VERSION_SCRIPT})
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR} ${CMAKE_CURRENT_BINARY_DIR}/${target})
  target_compile_options(${target} PRIVATE "$<$<COMPILE_LANGUAGE:CXX>:${ORC_WARNINGS}>")
  target_link_libraries(${target} PRIVATE orc_sdk ${A_LIBRARIES})
  target_link_options(${target} PRIVATE -Wl,--version-script=${ORC_PLUGIN_VERSION_SCRIPT} -Wl,--gc-sections)
  if(NOT ORC_SANITIZE)  # a sanitizer's run-time library comes from the program
    target_link_options(${target} PRIVATE -Wl,-z,defs)
  endif()
  if(NOT A_NO_INSTALL)
    install(TARGETS ${target} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/orchestrator/plugins)
  endif()
endfunction()
