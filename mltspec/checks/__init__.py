"""Kinds of expectation: one file each, in folders named for the seven tests."""
