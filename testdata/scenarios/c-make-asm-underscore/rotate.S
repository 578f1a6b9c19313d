	.text
	.globl _rotate_word
_rotate_word:
	movl %edi, %eax
	roll $5, %eax
	ret
	.section .note.GNU-stack, "", @progbits
