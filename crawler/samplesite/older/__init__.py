"""The generations before and beside the modern site: legacy, 2021, and the paper."""
