"""Rules about blank space and spelling; formatted text has no finding of theirs."""
