"""Real serving systems; one that is not set up is skipped, and says how it would be."""

import pytest

pytest.importorskip("tensorflow")
pytest.importorskip("uvicorn")

from real_systems import NEEDS, SYSTEMS, build

from mltspec.serving import environments
from mltspec.serving.system import Trouble


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """Versions 1 and 2 of a SavedModel, and a broken 3."""
    return build(tmp_path_factory.mktemp("models"))


def needed(name):
    """Skip where an environment is missing."""
    try:
        environments.environment(name)
    except Trouble as trouble:
        pytest.skip(str(trouble))


PARAMS = [pytest.param(name, marks=[] if name == "local" else [pytest.mark.serving], id=name) for name in SYSTEMS]


@pytest.fixture(scope="module", params=PARAMS)
def system(request, models, tmp_path_factory):
    """Each system in turn, with version 1 live."""
    if request.param in NEEDS:
        needed(NEEDS[request.param])
    with SYSTEMS[request.param](models, tmp_path_factory.mktemp(request.param)) as system:
        yield system
