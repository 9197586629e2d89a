"""Names, units and vocabulary to a plan: every diagnostic about meaning."""
