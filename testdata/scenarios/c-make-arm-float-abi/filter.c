float filter_mix(float a, float b, float part) { return a * part + b * (1 - part); }
