"""Handwritten digits: 8 x 8 pixels in, ten class probabilities out."""
