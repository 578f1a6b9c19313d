#pragma once
/* Compiled into every object that uses it. */
inline int scale(int value) {
  switch (value) {
    case 0: return 7;
    case 1: return 11;
    case 2: return 13;
    default: return value;
  }
}
