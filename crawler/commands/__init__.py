"""`scrapy …`: thin, they call the other rooms."""
