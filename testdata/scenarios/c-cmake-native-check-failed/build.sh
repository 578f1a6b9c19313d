#!/bin/sh
cmake -S . -B build -G Ninja -DCMAKE_TOOLCHAIN_FILE=aarch64.cmake ${CFLAGS:+"-DCMAKE_C_FLAGS=$CFLAGS"} \
  "-DCMAKE_EXE_LINKER_FLAGS=$LDFLAGS" "-DCMAKE_C_STANDARD_LIBRARIES=$LDLIBS" &&
cmake --build build
