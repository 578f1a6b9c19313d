int level_of(int sample) { return sample * 2; }
