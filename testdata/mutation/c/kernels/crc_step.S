	.text
	.globl crc_step
	.type crc_step, @function
crc_step:
	movl %edi, %eax
	roll $5, %eax
	xorl %esi, %eax
	ret
	.size crc_step, .-crc_step
	.section .note.GNU-stack, "", @progbits
