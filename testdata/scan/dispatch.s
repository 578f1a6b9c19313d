# An object with code that always runs, code behind an ifunc, code behind a test of the CPU, and code that only a pointer
# leads to; and a note that asks for less than the first needs.
# llvm-mc-19 -filetype=obj -triple=x86_64-linux-gnu dispatch.s -o dispatch.o
  .text
  .globl api
  .type api,@function
api:
  popcnt %rdi, %rax
  ret
  .size api, .-api

  .globl sum
  .type sum,@gnu_indirect_function
sum:
  xorl %eax, %eax
  cpuid
  leaq wide(%rip), %rax
  leaq narrow(%rip), %rdx
  testl $0x20, %ebx
  cmoveq %rdx, %rax
  ret
  .size sum, .-sum

  .type wide,@function
wide:
  vpaddd %ymm0, %ymm0, %ymm0
  ret
  .size wide, .-wide
  .type narrow,@function
narrow:
  ret
  .size narrow, .-narrow

  .globl hash
  .type hash,@function
hash:
  testb $1, __cpu_model+12(%rip)
  je 1f
  jmp hash_fast
1:
  ret
  .size hash, .-hash
  .type hash_fast,@function
hash_fast:
  sha256msg1 %xmm0, %xmm1
  ret
  .size hash_fast, .-hash_fast

  .type callback,@function
callback:
  vaddps %zmm0, %zmm0, %zmm0
  ret
  .size callback, .-callback

  .data
  .quad callback

  .section .note.gnu.property,"a",@note
  .long 4, 16, 5
  .asciz "GNU"
  .long 0xc0008002, 4, 1, 0
