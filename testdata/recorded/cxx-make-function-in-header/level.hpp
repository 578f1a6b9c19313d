#pragma once

int clamp_level(int level) { return level < 0 ? 0 : level > 9 ? 9 : level; }
int meter(int level);
