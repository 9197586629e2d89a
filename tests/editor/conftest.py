import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from lsp_client import Client, make_home


@pytest.fixture
def home(tmp_path):
    return make_home(tmp_path)


@pytest.fixture
def start(home):
    """Start servers; whatever still runs at the end is killed."""
    started = []

    def begin(*args, **kwargs) -> Client:
        started.append(Client(home, *args, **kwargs))
        return started[-1]

    yield begin
    for client in started:
        client.kill()


@pytest.fixture
def client(start):
    """A client that has introduced itself as one that is pushed its findings."""
    client = start()
    client.initialize()
    return client
