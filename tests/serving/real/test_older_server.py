"""A candidate is tried in the environment of an older server, too."""

import numpy as np
import pytest
from conftest import needed
from real_systems import copied

from mltspec.plan.subject import Server
from mltspec.serving import environments
from mltspec.serving.asking import predict, wait_ready
from mltspec.serving.open import open_system
from mltspec.serving.system import Trouble

pytestmark = [pytest.mark.tensorflow, pytest.mark.serving]


def test_a_model_of_today_is_served_by_the_framework_of_yesterday(models, tmp_path):
    needed("older")
    server = Server(name="s", system="local", python=environments.python_of("older"))
    system = open_system(server, "half", copied(models, tmp_path / "half"), tmp_path)
    try:
        wait_ready(system, 120)
        (output,) = predict(system, {"x": np.array([[1, 2, 3, 4]], "float32")}).outputs.values()
        assert output.tolist() == [[7.0]]
    finally:
        system.close()


def test_an_interpreter_that_is_not_there_is_told(models, tmp_path):
    server = Server(name="s", system="local", python=str(tmp_path / "python"))
    with pytest.raises(Trouble, match="cannot be started"):
        open_system(server, "half", copied(models, tmp_path / "half"), tmp_path)
