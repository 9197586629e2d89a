"""Rules about comparisons with another model."""
