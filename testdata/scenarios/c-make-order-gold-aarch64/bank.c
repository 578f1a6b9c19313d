int fir_step(int sample);

int bank_run(int sample) { return fir_step(sample); }
