"""Single batches that try to break a claim: made from real rows and edges, found and shrunk by Hypothesis."""
