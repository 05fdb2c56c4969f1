from tests.services import postgres, state_url

__all__ = ["postgres", "state_url"]
