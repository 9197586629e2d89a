"""Rules about skips, excuses, tags and severities."""
