int fir_step(int sample) { return sample * 3; }
