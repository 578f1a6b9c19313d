int bits_of(unsigned long long word) { return (int)_mm_popcnt_u64(word); }
