#!/bin/sh
cmake -S . -B build -G Ninja ${CFLAGS:+"-DCMAKE_C_FLAGS=$CFLAGS"} \
  "-DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=gold $LDFLAGS" "-DCMAKE_C_STANDARD_LIBRARIES=$LDLIBS" &&
cmake --build build
