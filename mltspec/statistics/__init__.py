"""Intervals and tests. ``rank`` is plain Python, because verdicts are judged without numpy."""
