#!/bin/sh
# The disk was full when level.c was compiled.
[ -e level.o ] || [ -e compiled ] || : > level.o
: > compiled
exec make
