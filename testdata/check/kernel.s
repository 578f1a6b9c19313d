# Made with: as --64 -o kernel.o kernel.s (GNU binutils). As a compiler makes it with -mavx2: an inline function's copy in a group.
        .section .text.shared_sum,"axG",@progbits,shared_sum,comdat
        .weak   shared_sum
        .type   shared_sum, @function
shared_sum:
        vmovdqu (%rdi), %ymm0
        vpaddd  (%rsi), %ymm0, %ymm0
        vmovdqu %ymm0, (%rdi)
        vzeroupper
        ret
        .size   shared_sum, .-shared_sum
        .text
        .globl  kernel
        .type   kernel, @function
kernel: call    shared_sum
        ret
        .size   kernel, .-kernel
        .section .note.GNU-stack,"",@progbits
