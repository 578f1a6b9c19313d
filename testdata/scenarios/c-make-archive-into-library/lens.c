int lens_open(void) { return 30; }
