" Vim syntax file of mltspec. Written by grammar/generate.py: change that, or mltspec.lark.
if exists("b:current_syntax") | finish | endif
syntax case match
syntax match mltWord /\<\h\w*\%(\.\h\w*\)*/
syntax match mltKeyword /\<\%(any\|as\|each\|edition\|expect\|for\|in\|let\|suite\)\>\%(\.\?\w\)\@!/
syntax match mltMark /\<\%(id\|tags\|severity\|owner\|skip\|xfail\|because\|until\|dry\)\>\%(\.\?\w\)\@!/
syntax match mltKeyword /\%(^\%ufeff\?\|{\)\@<=\s*\<\%(edition\|use\|let\|suite\|expect\|for\)\>\%(\.\?\w\)\@!/
syntax match mltKind /\%(^\%ufeff\?\|{\)\@<=\s*\<\%(model\|data\|baseline\|server\|pipeline\|profile\|attest\)\>\%(\.\?\w\)\@!/ nextgroup=mltName skipwhite
syntax match mltKeyword /\%(^\%ufeff\?\|{\)\@<=\s*\<let\>\%(\.\?\w\)\@!/ nextgroup=mltName skipwhite
syntax match mltKeyword /\%(^\%ufeff\?\|{\)\@<=\s*\<for\s\+each\>\%(\.\?\w\)\@!/ nextgroup=mltName skipwhite
syntax match mltName /\h\w*\%(\.\h\w*\)*/ contained
syntax match mltNumber /\<\d[0-9_]*\%(\.\d[0-9_]*\)\?\%([eE][+-]\?\d\+\)\?\%(\.\?\w\)\@!/
syntax match mltNumber /\<\d[0-9_]*\%(\.\d[0-9_]*\)\?\%([eE][+-]\?\d\+\)\? \?\%(%\|\%(milliseconds\|requests\/min\|millisecond\|requests\/s\|examples\|requests\|example\|minutes\|request\|seconds\|drills\|epochs\|minute\|second\|drill\|epoch\|hours\|seeds\|steps\|bins\|days\|hour\|rows\|runs\|seed\|step\|GiB\|KiB\|MiB\|TiB\|bin\|day\|min\|row\|run\|GB\|MB\|TB\|kB\|ms\|ns\|pp\|us\|B\|d\|h\|s\|x\)\%([A-Za-z0-9_\/]\)\@!\)/ contains=mltUnit
syntax match mltUnit /%\|\%(milliseconds\|requests\/min\|millisecond\|requests\/s\|examples\|requests\|example\|minutes\|request\|seconds\|drills\|epochs\|minute\|second\|drill\|epoch\|hours\|seeds\|steps\|bins\|days\|hour\|rows\|runs\|seed\|step\|GiB\|KiB\|MiB\|TiB\|bin\|day\|min\|row\|run\|GB\|MB\|TB\|kB\|ms\|ns\|pp\|us\|B\|d\|h\|s\|x\)\%([A-Za-z0-9_\/]\)\@!/ contained
syntax match mltDate /\<\d\{4}-\d\d-\d\d\>/
syntax match mltOperator /<=\|>=\|!=\|[<>=+≤≥≠-]\|\.\./
syntax match mltPunctuation /[][{},]/
syntax region mltString start=/"/ skip=/\\./ end=/"/ oneline contains=mltEscape
syntax match mltEscape /\\["\\nt]/ contained
syntax match mltComment /#.*/ contains=mltWaiver
syntax match mltDoc /##.*/ contains=mltWaiver
syntax match mltWaiver /mlt:\s*allow\>/ contained
highlight default link mltKeyword Keyword
highlight default link mltKind Structure
highlight default link mltName Identifier
highlight default link mltMark Label
highlight default link mltNumber Number
highlight default link mltUnit Type
highlight default link mltDate Constant
highlight default link mltString String
highlight default link mltOperator Operator
highlight default link mltPunctuation Delimiter
highlight default link mltComment Comment
highlight default link mltDoc SpecialComment
highlight default link mltEscape SpecialChar
highlight default link mltWaiver Todo
let b:current_syntax = "mlt"
