"""The run folder: lines, counts, manifest, publication."""
