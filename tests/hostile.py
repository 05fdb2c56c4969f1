# For branches that began before it moved: goes when they are merged.
from tests.support.hostile import *  # noqa: F403
