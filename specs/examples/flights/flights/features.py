"""From raw tables to model inputs: what is known when the flight departs, and nothing later.

The prediction is made at departure. So the departure delay is an input; what the flight goes on to
do (its arrival, its time in the air) is not. Nor is the month: the model answers for months that it
was not fitted on.

Missing values are filled here, and no input is ever NaN:

- No weather reading for the airport and hour (0.5% of flights): every weather input takes its usual
  value, and ``weather_known`` is 0. Where one gauge alone failed, that input takes its usual value.
- Plane not in the registry (16%), or registered without its year of manufacture (2% more): what is
  unknown takes its usual value, and ``plane_known`` is 0.
"""

import pandas as pd

from flights.raw import Tables
from flights.schema import CATEGORIES, NUMBERS

YEAR = 2013
WIND_LIMIT = 100.0  # miles an hour: above is a faulty gauge (one reads 1048)


def join(tables: Tables) -> pd.DataFrame:
    """Return one row for each flight, in the order given, with its weather and its plane beside it."""
    wind = tables.weather["wind_speed"]
    weather = tables.weather.assign(wind_speed=wind.where(wind <= WIND_LIMIT), weather_known=1.0)
    planes = tables.planes.assign(plane_age=YEAR - tables.planes["year"]).drop(columns="year")
    planes["plane_known"] = planes["plane_age"].notna().astype("float32")
    return tables.flights.merge(weather, how="left", on=["origin", "time_hour"], validate="many_to_one").merge(
        planes, how="left", on="tailnum", validate="many_to_one"
    )


def features(joined: pd.DataFrame) -> pd.DataFrame:
    """Return the inputs that `schema` names, in its order; rows and their order are kept.

    Args:
        joined: Rows of `join` whose flights departed: a cancelled flight has no departure delay,
            and there is nothing to predict.

    Returns:
        Numbers and strings, none missing.
    """
    usual = {name: number.mean for name, number in NUMBERS.items() if name != "dep_delay"}
    filled = joined.assign(sched_hour=joined["hour"] + joined["minute"] / 60).fillna(
        usual | {"weather_known": 0.0, "plane_known": 0.0}
    )
    return filled[[*NUMBERS, *CATEGORIES]]
