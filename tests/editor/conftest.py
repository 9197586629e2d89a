import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from lsp_client import Client

SPEC = """edition 2026

## Handwritten digits.
model digits {
  build python "digits.model:build"
}
data training = python "digits.data:training"
data holdout  = python "digits.data:holdout"
baseline prod = run seed 1
let drop = 0.5pp

suite "quality" for digits on training tags [commit] {
  expect accuracy on holdout >= 0.9
  expect accuracy on holdout >= prod - drop
}
"""


def make_home(home: Path) -> Path:
    """A project with one spec and the Python that it names."""
    (home / "pyproject.toml").write_text("")
    (home / "digits").mkdir()
    (home / "digits" / "__init__.py").write_text("")
    (home / "digits" / "model.py").write_text(
        'raise SystemExit("imported")\n\n\ndef build(width: int = 8):\n    """Return the compiled model."""\n'
    )
    (home / "digits" / "data.py").write_text("import nowhere\n\ntraining = 1\n\n\ndef holdout():\n    pass\n")
    (home / "digits.mlt").write_text(SPEC)
    return home


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
