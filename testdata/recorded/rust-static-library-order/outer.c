int inner_step(int value);
int outer_steps(int value) { return inner_step(value) + inner_step(value + 1) - 3; }
