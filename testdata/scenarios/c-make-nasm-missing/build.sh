#!/bin/sh
sh ./configure && exec make -B
