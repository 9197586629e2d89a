[(body) (block) (list)] @fold
