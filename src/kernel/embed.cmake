# Writes the files as C++ raw strings: {"name", R"kernel(text)kernel"},
set(text "// Made from src/kernel by embed.cmake.\n")
foreach(name ${FILES})
  file(READ ${DIRECTORY}/${name} content)
  string(APPEND text "{\"${name}\", R\"kernel(${content})kernel\"},\n")
endforeach()
file(WRITE ${OUTPUT} "${text}")
