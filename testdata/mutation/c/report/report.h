#pragma once

void report(const char *what, long sum);
