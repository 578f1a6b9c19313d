; void clamp_bytes_sse2(uint8_t *bytes, size_t blocks, uint32_t most_in_every_byte)
default rel
section .text
global clamp_bytes_sse2:function
clamp_bytes_sse2:
    movd    xmm1, edx
    pshufd  xmm1, xmm1, 0
    test    rsi, rsi
    jz      .done
.next:
    movdqu  xmm0, [rdi]
    pminub  xmm0, xmm1
    movdqu  [rdi], xmm0
    add     rdi, 16
    dec     rsi
    jnz     .next
.done:
    ret
section .note.GNU-stack noalloc noexec nowrite progbits
