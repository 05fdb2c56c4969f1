"""`scrapy doctor`: is this machine ready, does the live site still look as the parsers expect."""
