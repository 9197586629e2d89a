import os
import subprocess
import sys

import numpy as np
import pytest
from digits import data


@pytest.mark.parametrize(("split", "rows"), [(data.training, 1297), (data.holdout, 500)])
def test_rows_and_types(split, rows):
    x, y = split()
    assert (x.shape, x.dtype) == ((rows, 64), np.float32)
    assert (y.shape, y.dtype) == ((rows,), np.int64)


def test_pixels_are_shares():
    x, _ = data.training()
    assert (x.min(), x.max()) == (0, 1)


def test_no_image_is_on_both_sides_of_the_cut():
    seen = {row.tobytes() for row in data.training()[0]}
    assert not [row for row in data.holdout()[0] if row.tobytes() in seen]


def test_every_image_is_used_once():
    images = {row.tobytes() for split in (data.training, data.holdout) for row in split()[0]}
    assert len(images) == 1797


@pytest.mark.parametrize("split", [data.training, data.holdout])
def test_every_digit_has_its_share(split):
    _, y = split()
    shares = np.bincount(y, minlength=10) / len(y)
    assert shares.min() > 0.07
    assert shares.max() < 0.13


def test_the_cut_is_the_same_in_every_process():
    data._shuffled.cache_clear()
    before = data.holdout()
    data._shuffled.cache_clear()
    for one, other in zip(before, data.holdout(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_reading_the_data_loads_no_framework():
    code = "import digits.data, sys; sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    assert subprocess.run([sys.executable, "-c", code], env=environment).returncode == 0
