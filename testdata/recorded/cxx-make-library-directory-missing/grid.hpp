#pragma once

struct Grid {
  int rows, columns;
  int cells() const;
};
