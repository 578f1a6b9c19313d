#include <stdio.h>

int units_to_metres(int miles);
int route_length(int legs);

int main(void) { printf("metres %d\n", route_length(1) + units_to_metres(5)); }
