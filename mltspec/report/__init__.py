"""Folds over the events of a run: plain text, a live display, JSON and JUnit."""
