"""Gathers evidence in child processes, keeps it, and has it judged. Imports no framework itself."""
