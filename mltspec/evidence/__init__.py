"""Kinds of evidence: what may be asked of a subject, and the record that answers."""
