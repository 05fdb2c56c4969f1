from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real pages that are no part of the project: tests that need them skip where they are not."""
    folder = Path(__file__).parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("the folder of real pages is not here")
    return folder
