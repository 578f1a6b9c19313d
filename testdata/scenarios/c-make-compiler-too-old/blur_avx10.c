int blur_avx10(int pixel) { return pixel / 2; }
