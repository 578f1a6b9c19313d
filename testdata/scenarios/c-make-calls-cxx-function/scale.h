#pragma once

void scale_row(float *row, int length, float factor);
