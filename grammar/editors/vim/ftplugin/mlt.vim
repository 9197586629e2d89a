" How a spec is typed in Vim and Neovim: two spaces a level, `#` comments.
if exists("b:did_ftplugin") | finish | endif
let b:did_ftplugin = 1

setlocal expandtab shiftwidth=2 softtabstop=2
setlocal comments=b:##,b:# commentstring=#\ %s
setlocal indentexpr=MltIndent(v:lnum) indentkeys=0},0],o,O,!^F
let b:undo_ftplugin = "setlocal expandtab< shiftwidth< softtabstop< comments< commentstring< indentexpr< indentkeys<"

if exists("*MltIndent") | finish | endif

" The indentation of a line: that of the one before it, a level more behind an open bracket, one less before a closed.
function! MltIndent(line) abort
  let above = prevnonblank(a:line - 1)
  if above == 0 | return 0 | endif
  let opened = getline(above) =~# '[{[]\s*\(#.*\)\?$'
  let closes = getline(a:line) =~# '^\s*[]}]'
  return max([indent(above) + (opened - closes) * shiftwidth(), 0])
endfunction
