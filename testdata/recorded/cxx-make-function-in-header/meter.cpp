#include "level.hpp"

int meter(int level) { return clamp_level(level) * 5; }
