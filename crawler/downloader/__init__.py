"""Between the crawl and the network: politeness, guards, retries, the mirror."""
