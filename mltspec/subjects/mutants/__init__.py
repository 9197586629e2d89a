"""Known faults, put into the user's objects while evidence is gathered."""
