"""What a run was worth: checks, outcome, and what a person sees of it."""
