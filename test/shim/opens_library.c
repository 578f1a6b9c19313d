/* Opens library.so in the working directory and asks it whether its kernel is right. */
#include <dlfcn.h>
#include <stdio.h>

int main(void) {
  void* library = dlopen("./library.so", RTLD_NOW);
  int (*is_right)(void) = NULL;
  if (library) *(void**)&is_right = dlsym(library, "is_right");
  puts(!is_right ? dlerror() : is_right() ? "right" : "wrong");
  return 0;
}
