"""What an author may ask about a text while typing: places in, plain records out. Knows no protocol."""
