"""Words to values, one concern a file; settings.py has their order."""
