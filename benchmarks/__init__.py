"""What the project promises, measured: every figure is a ratio of two things timed in one run."""
