double gain(double sample) { return sample * 1.25; }
