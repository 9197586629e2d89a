"""Test 5: a single example or batch can be followed."""
