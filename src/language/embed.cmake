# Writes the bytes of FILE to OUTPUT as a string literal of C++, 32 bytes a line.
file(READ ${FILE} bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" bytes "${bytes}")
string(REPEAT "...." 32 line)
string(REGEX REPLACE "(${line})" "\\1\"\n\"" bytes "${bytes}")
file(WRITE ${OUTPUT} "\"${bytes}\"\n")
