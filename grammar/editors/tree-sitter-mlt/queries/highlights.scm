; Colours of a spec. What stands later wins, so the exceptions follow the rule.

(word) @variable
((word) @attribute
  (#match? @attribute "^(id|tags|severity|owner|skip|xfail|because|until|dry)$"))
((word) @keyword
  (#match? @keyword "^(for|each|any|in|as)$"))

["edition" "use" "as" "let" "suite" "expect" "for" "each" "in" "any"] @keyword
["model" "data" "baseline" "server" "pipeline" "profile"] @type.definition
(name) @constant

(number) @number
(unit) @type
(date) @constant.builtin
(string) @string
[(operator) "="] @operator
["," "{" "}" "[" "]"] @punctuation

(comment) @comment
(doc) @comment.documentation
