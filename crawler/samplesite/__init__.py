"""An embedded copy of the site: it stands in for the live one in the demo, tests and benchmarks."""

from crawler.samplesite.faults import Fault
from crawler.samplesite.server import Request, Server, serve
from crawler.samplesite.site import Site

__all__ = ["Fault", "Request", "Server", "Site", "serve"]
