"""A pipeline with a bug, for the test of what a bug does."""


class Broken:
    def __init__(self):
        self.seen = 0

    def process_item(self, item):
        self.seen += 1
        if self.seen == 3:
            return 1 / 0
        return item
