"""Training and holdout rows, cut by the calendar: fitted on the past, judged on what came after.

A random cut would put flights of one hour, under one storm, on both sides.

A flight is late when it arrives more than 15 minutes after its schedule. Flights without an arrival
delay carry no label and are left out: the 8,255 cancelled ones, which never departed, and 1,175 that
were diverted or whose arrival was not recorded.
"""

from functools import cache

import numpy as np
import pandas as pd

from flights.features import features, join
from flights.raw import load
from flights.schema import CATEGORIES, NUMBERS

Inputs = dict[str, np.ndarray]

LATE_MINUTES = 15
LAST_TRAINING_MONTH = 9
LAST_EARLIER_MONTH = 6


def training() -> tuple[Inputs, np.ndarray]:
    """Return the 244,737 flights of January to September.

    Returns:
        The inputs by name, each ``(rows,)``, float32 or an object array of str (the form of strings
        that both `model.fit` and `tf.data` take); and the labels, float32 ``(rows, 1)``,
        1 where the flight arrived late.
    """
    flights = arrived()
    return _inputs_and_labels(flights[flights["month"] <= LAST_TRAINING_MONTH])


def earlier() -> tuple[Inputs, np.ndarray]:
    """Return the flights of January to June, which the previous model was trained on, in the same form."""
    flights = arrived()
    return _inputs_and_labels(flights[flights["month"] <= LAST_EARLIER_MONTH])


def holdout() -> tuple[Inputs, np.ndarray]:
    """Return the 82,609 flights of October to December, in the same form as `training`."""
    flights = arrived()
    return _inputs_and_labels(flights[flights["month"] > LAST_TRAINING_MONTH])


@cache
def arrived() -> pd.DataFrame:
    """Return every flight that has a label, joined; computed once in a process, in about a second."""
    joined = join(load())
    return joined[joined["arr_delay"].notna()]


def _inputs_and_labels(flights: pd.DataFrame) -> tuple[Inputs, np.ndarray]:
    table = features(flights)
    inputs: Inputs = {name: table[name].to_numpy("float32") for name in NUMBERS}
    inputs |= {name: table[name].to_numpy("object") for name in CATEGORIES}
    late = flights["arr_delay"].to_numpy() > LATE_MINUTES
    return inputs, late.astype("float32")[:, np.newaxis]
