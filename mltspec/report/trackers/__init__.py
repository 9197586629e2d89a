"""Runs for those who look at them in a tracker of experiments."""
