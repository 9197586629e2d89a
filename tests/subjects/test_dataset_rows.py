"""Equal rows: met by chance in a small domain, or copied."""

import numpy as np
import pytest

from mltspec.checks.pipeline import no_leakage
from mltspec.checks.pipeline.looked import example
from mltspec.subjects.dataset_rows import keys, overlap, passes, read
from mltspec.subjects.dataset_scale import scales
from mltspec.subjects.loaded import Arrays


def small_domain(generator):
    x = generator.integers(0, 4, (500, 3)).astype("float32")
    return x, (x.sum(axis=1) > 4).astype("float32")


def categories(generator):
    x = np.concatenate([np.eye(5)[generator.integers(0, 5, 400)], np.eye(7)[generator.integers(0, 7, 400)]], axis=1)
    return x, x[:, 0]


def texts(generator):
    words = np.minimum(generator.zipf(1.3, (400, 6)), 50)
    words[np.arange(6)[None] >= generator.integers(1, 7, 400)[:, None]] = 0
    return words, words[:, 0] % 2


def glyphs(generator):
    shapes, kinds = generator.integers(0, 2, (10, 49)), generator.integers(0, 10, 500)
    return shapes[kinds].astype("float32"), kinds


def all_four(generator):
    bits = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])[generator.integers(0, 4, 200)]
    return bits, bits[:, 0] ^ bits[:, 1]


def measured_twice(generator):
    x = generator.normal(size=(290, 6))
    x = np.concatenate([x, x[:10]])
    return x, x[:, 0]


def heavy_tails(generator):
    x = generator.pareto(1.5, size=(200, 4))
    return x, generator.pareto(1.2, size=200)


def dealt(x, y, share, generator):
    order, cut = generator.permutation(len(x)), round(share * len(x))
    kept, rest = order[:cut], order[cut:]
    return read(Arrays("t", x[rest], y[rest], None), 10_000), read(Arrays("h", x[kept], y[kept], None), 10_000)


def verdict(training, holdout):
    seen = example(overlap=overlap([training], holdout))
    return no_leakage.judge(no_leakage.LeakageParams(into="holdout"), [seen]).verdict


@pytest.mark.parametrize(
    "make", [small_domain, categories, texts, glyphs, all_four, measured_twice, heavy_tails], ids=lambda f: f.__name__
)
def test_rows_that_are_equal_by_chance_are_no_leak_and_a_random_split_is_no_other_scale(make):
    for seed in range(12):
        generator = np.random.default_rng(seed)
        training, holdout = dealt(*make(generator), (0.2, 0.3, 0.5)[seed % 3], generator)
        assert verdict(training, holdout) == "passed"
        assert not [scale for scale in scales(training.batch, holdout.batch, True) if scale.apart or scale.own]


def test_rows_copied_before_the_split_leak():
    generator = np.random.default_rng(0)
    x = generator.normal(size=(500, 5))
    y = (x[:, 0] > 1).astype(int)
    copies = np.concatenate([np.arange(500), np.repeat(np.flatnonzero(y), 4)])
    assert verdict(*dealt(x[copies], y[copies], 0.2, generator)) == "failed"


def test_sides_that_overlap_by_a_few_rows_leak():
    x = np.random.default_rng(0).normal(size=(500, 5))
    y = x[:, 0]
    training, holdout = (read(Arrays("d", x[at], y[at], None), 1000) for at in (slice(0, 410), slice(400, 500)))
    assert verdict(training, holdout) == "failed"
    assert overlap([training], holdout).found == 10


def test_rows_of_weight_zero_are_not_trained_on():
    x = np.random.default_rng(0).normal(size=(100, 5))
    training = read(Arrays("t", x, x[:, 0], (np.arange(100) < 60).astype("float32")), 1000)
    holdout = read(Arrays("h", x[60:], x[60:, 0], None), 1000)
    assert overlap([training], holdout).found == 0


def test_a_row_is_the_same_whatever_its_type():
    one = ({"a": np.array([1, 2]), "b": np.array(["x", "y"], object)}, np.array([0.0, -0.0]), None)
    two = ({"a": np.array([1.0, 2.0]), "b": np.array(["x", "y"], object)}, np.array([[0], [0]]), None)
    assert list(keys(one)) == list(keys(two))


def test_two_passes():
    x = np.arange(10.0)[:, None]
    first, second = (read(Arrays("d", each, None, None), 100) for each in (x, x[::-1]))
    assert passes(first, first).same_order
    assert passes(first, second).model_dump() == {
        "rows": 10, "same_order": False, "same_rows": True, "moved": 10, "lost": 0
    }  # fmt: skip
    assert passes(first, read(Arrays("d", x + 1, None, None), 100)).lost == 1
