"""Rules about expectations: those that never fail, never pass, or cannot be decided."""
