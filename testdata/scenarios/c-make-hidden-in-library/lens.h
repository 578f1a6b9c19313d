#pragma once

int lens_open(void);
int lens_focus(int distance);
