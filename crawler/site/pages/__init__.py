"""An article page to a Page, in the words that stand on it."""
