"""The language server: wiring only. What it answers is computed by rooms that know no protocol."""
