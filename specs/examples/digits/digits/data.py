"""The UCI handwritten digits that ship with scikit-learn, shuffled once and cut in two.

1797 images of 8 x 8 pixels. The file lists them writer by writer, so they are shuffled before the
cut; the shuffle is seeded, so a row is on the same side of the cut on every machine.

Source: Alpaydin and Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning
Repository, 1998.
"""

from functools import cache

import numpy as np
from sklearn.datasets import load_digits

Arrays = tuple[np.ndarray, np.ndarray]

TRAINING_ROWS = 1297


def training() -> Arrays:
    """Return the 1297 rows to fit on.

    Returns:
        Pixels as float32 ``(rows, 64)`` in 0..1, and digits as int64 ``(rows,)`` in 0..9.
    """
    x, y = _shuffled()
    return x[:TRAINING_ROWS], y[:TRAINING_ROWS]


def holdout() -> Arrays:
    """Return the other 500 rows, in the same form as `training`."""
    x, y = _shuffled()
    return x[TRAINING_ROWS:], y[TRAINING_ROWS:]


@cache
def _shuffled() -> Arrays:
    x, y = load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(y))
    return (x[order] / 16.0).astype("float32"), y[order].astype("int64")
