int pick(const int *row, int index) { return row[index]; }
