"""The rules, in folders named for what they look at; ``mltspec.lint.registry`` lists them."""
