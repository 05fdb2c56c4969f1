from tests.services import browser, postgres, redis

__all__ = ["browser", "postgres", "redis"]
