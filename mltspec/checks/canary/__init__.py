"""Test 6: a model is tried as it will be served before it serves."""
