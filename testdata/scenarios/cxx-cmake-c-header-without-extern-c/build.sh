#!/bin/sh
cmake -S . -B build -G Ninja ${CFLAGS:+"-DCMAKE_C_FLAGS=$CFLAGS"} ${CXXFLAGS:+"-DCMAKE_CXX_FLAGS=$CXXFLAGS"} \
  "-DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=mold $LDFLAGS" "-DCMAKE_CXX_STANDARD_LIBRARIES=$LDLIBS" &&
cmake --build build
