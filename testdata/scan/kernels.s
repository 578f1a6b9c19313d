# Made with: as --64 -o kernels.o kernels.s (GNU binutils). Functions that call one another, with what each needs.
        .text
        .type   inner, @function
inner:  vpternlogq $3, %ymm0, %ymm0, %ymm0      # AVX512VL: an EVEX form of 256 bits
        ret
        .size   inner, .-inner
        .globl  sum_avx2
        .type   sum_avx2, @function
sum_avx2:
        vpaddd  (%rdi), %ymm0, %ymm0
        vzeroupper
        ret
        .size   sum_avx2, .-sum_avx2
        .globl  sum
        .type   sum, @function
sum:    test    %esi, %esi
        je      sum.cold
        jmp     sum_avx2                        # a tail call, through a relocation
        .size   sum, .-sum
        .section .text.unlikely,"ax",@progbits
        .type   sum.cold, @function
sum.cold:
        call    inner                           # through the section's symbol
        ret
        .size   sum.cold, .-sum.cold
        .text
        .globl  plain
        .type   plain, @function
plain:  tzcnt   %rdi, %rax                      # runs as bsf anywhere
        endbr64
        ret
        .size   plain, .-plain
        .globl  choose
        .type   choose, @function
choose: lea     sum_avx2(%rip), %rax            # takes an address: no call
        ret
        .size   choose, .-choose
        .section .note.GNU-stack,"",@progbits
