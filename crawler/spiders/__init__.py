"""The walk: sections, listings, articles, and what waits between them."""
