#include <cstdio>

#include "rowops.hpp"

int main() {
  float row[21];
  for (int i = 0; i < 21; ++i) row[i] = i == 13 ? 41.5f : static_cast<float>(i);
  std::printf("max %.1f\n", rowops::row_max(row, 21));
}
