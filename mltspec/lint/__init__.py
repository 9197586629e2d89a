"""The linter: rules about specs that compile and yet do not say what they seem to, one rule a file."""
