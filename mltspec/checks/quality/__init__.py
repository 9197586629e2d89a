"""Test 4: quality is validated before serving."""
