#pragma once

long units_of_light(long sum);
