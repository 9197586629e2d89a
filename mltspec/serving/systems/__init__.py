"""One file a serving system, each passing one conformance test."""
