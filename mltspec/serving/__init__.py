"""Serving systems behind one protocol, the load that is put on them, and the journal that keeps them safe."""
