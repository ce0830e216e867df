// The device code, as data of the program. The build says where the compiled files are (as -I).
    .section .rodata
    .global rustg_interpreter_fatbin, rustg_ptx_runtime_cubin, rustg_ptx_runtime_cubin_end, rustg_ptx_runtime_ptx, rustg_ptx_runtime_ptx_end
    .balign 64
rustg_interpreter_fatbin:
    .incbin "interpreter.fatbin"
    .balign 64
rustg_ptx_runtime_cubin:
    .incbin "ptx_runtime.cubin"
rustg_ptx_runtime_cubin_end:
    .balign 64
rustg_ptx_runtime_ptx:
    .incbin "ptx_runtime.ptx"
rustg_ptx_runtime_ptx_end:
    .byte 0
    .section .note.GNU-stack, "", @progbits
