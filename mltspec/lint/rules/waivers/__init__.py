"""Rules about waivers; their findings cannot be waived."""
