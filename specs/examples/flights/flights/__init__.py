"""Flights out of New York in 2013: told at departure whether they will arrive late."""
