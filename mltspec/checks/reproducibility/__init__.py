"""Test 1: training is reproducible."""
