int units_to_metres(int miles);
int route_length(int legs) { return units_to_metres(legs * 5); }
