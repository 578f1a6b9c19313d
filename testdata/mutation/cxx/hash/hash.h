#pragma once

#ifdef __cplusplus
extern "C" {
#endif
unsigned hash_bytes(const char *bytes, unsigned long length);
unsigned hash_mix(unsigned hash);
#ifdef __cplusplus
}
#endif
