"""Run folders: their lines, counts and manifest, publication, and what the state learns of them."""
