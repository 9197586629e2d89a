"""Times as they are typed on the command line: with their unit, as in a spec."""

from __future__ import annotations

import click


def limit(ctx: click.Context, param: click.Parameter, value: str | None) -> float | None:
    """Read a time with its unit, as in a spec."""
    from mltspec.language.quantity import Dimension, parse_amount

    if value is None:
        return None
    try:
        amount = parse_amount(value)
    except ValueError:
        amount = None
    if amount is None or amount.dimension is not Dimension.TIME or amount.base <= 0:
        raise click.BadParameter(f"`{value}` is no time; write a number with its unit, for example `90s` or `10 min`")
    return float(amount.base)
