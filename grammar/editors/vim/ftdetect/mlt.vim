autocmd BufRead,BufNewFile *.mlt setfiletype mlt
