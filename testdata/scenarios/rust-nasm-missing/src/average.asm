; void average_bytes_sse2(uint8_t *out, const uint8_t *other): 16 bytes
default rel
section .text
global average_bytes_sse2:function
average_bytes_sse2:
    movdqu  xmm0, [rdi]
    movdqu  xmm1, [rsi]
    pavgb   xmm0, xmm1
    movdqu  [rdi], xmm0
    ret
section .note.GNU-stack noalloc noexec nowrite progbits
