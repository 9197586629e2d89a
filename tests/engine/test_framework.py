"""The real framework, imported once and forked; nothing is trained."""

import dataclasses
import json
import sys

import pytest
from engine_fakes import FAKE, FakeAsk, claim

from mltspec.engine.settings import Settings

pytestmark = pytest.mark.tensorflow


def observe(asks, found, bench):
    """Start the framework in this child."""
    from engine_fakes import FakeEvidence

    from mltspec.engine.forking import framework_started

    assert "tensorflow" in sys.modules
    assert not framework_started()
    import numpy as np
    import tensorflow as tf

    value = float(tf.constant(1) + 1)
    assert framework_started()
    isolated = bench.isolate("test_framework:add", {"n": 2}, 60.0)
    unseeded = [float(np.random.random()), float(tf.random.uniform([]))]
    return [FakeEvidence(value=value, text=f"{isolated.status} {isolated.output.strip()} {unseeded}") for _ in asks]


def add(payload, bench):
    import tensorflow as tf

    print(int(tf.constant(payload["n"]) + 1))


def test_forked_children_use_the_framework(forked):
    loaded_before = "tensorflow" in sys.modules  # by another test of this process
    kinds = {"fake": dataclasses.replace(FAKE, observer="test_framework:observe", limit_s=120.0)}
    preload = Settings().preload
    outcome = forked.run(
        claim(FakeAsk(seed=1), FakeAsk(seed=2)), kinds=kinds, limit_s=120.0, preload=preload, isolation="auto"
    )
    assert not forked.failures(), forked.failures()
    assert outcome.judgements["e0"].explanation == "values [2.0, 2.0]"
    if not loaded_before:
        assert "tensorflow" not in sys.modules
    assert outcome.untracked == ()
    texts = [file.read_text() for file in (forked.root / ".mltspec/evidence").rglob("*.json")]
    found = [json.loads(text)["evidence"]["text"] for text in texts]
    assert all(text.startswith("0 3 ") for text in found)
    assert len(set(found)) == 2, "unseeded randomness repeats itself in siblings"
