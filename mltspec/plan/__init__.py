"""The records on the wire: quantities, subjects, plans, events and verdicts."""
