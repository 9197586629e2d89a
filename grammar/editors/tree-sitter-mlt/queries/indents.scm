[(body) (block) (list)] @indent
["}" "]"] @outdent
