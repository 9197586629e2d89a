"""Test 3: the full pipeline, from raw rows to what a model is fed."""
