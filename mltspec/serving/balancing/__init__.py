"""One server process a version, and HAProxy in front of them, which shares requests out by weight."""
