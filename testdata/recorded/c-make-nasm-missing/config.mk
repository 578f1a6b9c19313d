CC = gcc
NASM = 
KERNEL_OBJECTS = dispatch.o
