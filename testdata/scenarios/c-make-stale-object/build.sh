#!/bin/sh
# Yesterday's build was for arm64; its object is newer than the source.
[ -e built-for-arm64 ] || aarch64-linux-gnu-gcc -O2 -c crc.c -o crc.o
: > built-for-arm64
exec make
