"""The report of a run as one HTML file that needs nothing else: no network, and no script to be read."""
