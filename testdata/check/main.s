# Made with: as --64 -o main.o main.s (GNU binutils). The same inline function without -mavx2, and what uses it.
        .section .text.shared_sum,"axG",@progbits,shared_sum,comdat
        .weak   shared_sum
        .type   shared_sum, @function
shared_sum:
        movdqu  (%rdi), %xmm0
        paddd   (%rsi), %xmm0
        movdqu  %xmm0, (%rdi)
        ret
        .size   shared_sum, .-shared_sum
        .text
        .globl  _start
        .type   _start, @function
_start: call    shared_sum
        xor     %edi, %edi
        mov     $60, %eax
        syscall
        .size   _start, .-_start
        .section .note.GNU-stack,"",@progbits
