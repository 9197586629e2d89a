"""Test 2: model specification code is unit tested."""
