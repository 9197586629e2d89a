"""Open-loop load: arrival times fixed in advance, so that a stalled server cannot hide its own delay."""
