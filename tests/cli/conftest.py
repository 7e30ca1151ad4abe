"""What tests of commands share."""

from contextlib import contextmanager

import pytest


@pytest.fixture
def small_files():
    """A disk on which no file can have more than some bytes."""
    resource = pytest.importorskip("resource")

    @contextmanager
    def limited(size: int):
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    return limited
