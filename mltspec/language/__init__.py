"""Text to tree, tree to text. Knows no check, no model, no pydantic."""
