"""gRPC to serving systems: the messages of two protocols, and one call with a time limit."""
