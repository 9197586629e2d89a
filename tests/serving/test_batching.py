"""Requests that wait at once share a call of the model, and nobody's answer depends on whom it shares it with."""

import asyncio

import numpy as np
import pytest

from mltspec.serving.local.batching import FEWEST, MOST_ROWS, Waiting, answer, batches
from mltspec.serving.local.repository import BadInput, Tensor


class Model:
    """Sums rows; counts calls."""

    def __init__(self, rows=None):
        self.inputs = {"x": Tensor("float32", (rows, 2))}
        self.outputs = {"y": Tensor("float32", (None, 1))}
        self.calls = 0

    def __call__(self, inputs):
        self.calls += 1
        x = inputs["x"]
        if (x < 0).any():
            raise BadInput("a negative number")
        return {"y": x.sum(axis=1, keepdims=True)}


def waiting(model, *requests):
    loop = asyncio.new_event_loop()
    found = [Waiting(model, {"x": np.array(rows, "float32")}, loop.create_future()) for rows in requests]
    loop.close()
    return found


def answered(requests):
    for together in batches(requests):
        answer(together)
    return requests


def test_those_that_wait_at_once_share_a_call_and_get_their_own_answers():
    model = Model()
    requests = answered(waiting(model, [[1, 2]], [[3, 4], [5, 6]], [[7, 8]]))
    assert [each.answers.result()["y"].tolist() for each in requests] == [[[3]], [[7], [11]], [[15]]]
    assert model.calls == 1


def test_a_few_are_answered_one_by_one():
    model = Model()
    answered(waiting(model, *[[[1, 2]]] * (FEWEST - 1)))
    assert model.calls == FEWEST - 1


def test_a_bad_request_harms_no_other():
    requests = answered(waiting(Model(), [[1, 2]], [[-1, 0]], [[3, 4]]))
    assert requests[0].answers.result()["y"].tolist() == [[3]]
    assert requests[2].answers.result()["y"].tolist() == [[7]]
    with pytest.raises(BadInput):
        requests[1].answers.result()


def test_other_shapes_and_other_models_share_nothing():
    one, other = Model(), Model()
    answered([*waiting(one, [[1, 2]], [[1, 2]]), *waiting(one, [[1, 2, 3]]), *waiting(other, [[1, 2]])])
    assert (one.calls, other.calls) == (3, 1)


def test_a_model_of_fixed_rows_is_never_asked_about_more():
    model = Model(rows=1)
    answered(waiting(model, *[[[1, 2]]] * 5))
    assert model.calls == 5


def test_batches_are_bounded():
    sizes = [sum(len(each.arrays["x"]) for each in part) for part in batches(waiting(Model(), *[[[1, 2]] * 100] * 7))]
    assert max(sizes) <= MOST_ROWS
    assert sum(sizes) == 700


def test_a_model_whose_answers_are_not_one_a_row_is_asked_for_each_request():
    model = Model()
    plain = model.__call__

    class Mean(Model):
        def __call__(self, inputs):
            return {"y": plain(inputs)["y"].mean(keepdims=True)}

    mean = Mean()
    requests = answered(waiting(mean, [[1, 2]], [[3, 4]], [[5, 6]]))
    assert [each.answers.result()["y"].item() for each in requests] == [3, 7, 11]
