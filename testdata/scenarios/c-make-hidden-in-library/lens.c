#include "lens.h"

__attribute__((visibility("default")))
int lens_open(void) { return 30; }

int lens_focus(int distance) { return lens_open() + distance; }
