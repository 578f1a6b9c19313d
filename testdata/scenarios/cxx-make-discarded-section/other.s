# What another compiler made of a file that uses scale(): the table of its switch stands outside the group.
	.section .text._Z5scalei,"axG",@progbits,_Z5scalei,comdat
	.weak _Z5scalei
	.type _Z5scalei, @function
_Z5scalei:
	movl %edi, %eax
	cmpl $2, %edi
	ja .Lout
	leaq table(%rip), %rdx
	movslq %edi, %rdi
	movslq (%rdx,%rdi,4), %rax
	addq %rdx, %rax
	jmp *%rax
case0:	movl $7, %eax
	ret
case1:	movl $11, %eax
	ret
case2:	movl $13, %eax
.Lout:	ret
	.size _Z5scalei, .-_Z5scalei

	.section .rodata,"a",@progbits
	.align 4
table:
	.long case0-table
	.long case1-table
	.long case2-table

	.text
	.globl _Z5otheri
	.type _Z5otheri, @function
_Z5otheri:
	jmp _Z5scalei
	.size _Z5otheri, .-_Z5otheri
	.section .note.GNU-stack,"",@progbits
