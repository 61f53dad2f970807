"""What holds for all tests."""

import pytest

from derive.building import fewer_collections


@pytest.fixture(scope="session", autouse=True)
def collections() -> None:
    """Garbage is looked for as seldom as in a build."""
    fewer_collections()
