#!/bin/sh
cmake -S . -B build -G Ninja -DCMAKE_CXX_COMPILER=clang++ ${CXXFLAGS:+"-DCMAKE_CXX_FLAGS=$CXXFLAGS"} \
  "-DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=lld $LDFLAGS" "-DCMAKE_CXX_STANDARD_LIBRARIES=$LDLIBS" &&
cmake --build build
