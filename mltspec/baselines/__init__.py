"""Baselines on disk: found, read, written and removed. A run only ever reads them."""
