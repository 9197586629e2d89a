"""Test 7: a rollback is quick and safe."""
