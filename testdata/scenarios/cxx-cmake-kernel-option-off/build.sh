#!/bin/sh
cmake -S . -B build -G Ninja ${CXXFLAGS:+"-DCMAKE_CXX_FLAGS=$CXXFLAGS"} \
  "-DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=gold $LDFLAGS" "-DCMAKE_CXX_STANDARD_LIBRARIES=$LDLIBS" &&
cmake --build build
