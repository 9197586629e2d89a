" Vim takes *.mlt for OCaml's; here it is a spec.
autocmd BufRead,BufNewFile *.mlt set filetype=mlt
