#!/bin/sh
# meson takes CFLAGS and LDFLAGS when it sets up; libraries to append go the same way.
test -d build || CFLAGS="$CFLAGS" LDFLAGS="$LDFLAGS $LDLIBS" meson setup build &&
ninja -C build -v
