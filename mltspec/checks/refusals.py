"""What no author can mean: values that do not go together, told while a spec is linted.

Checks name these functions as their ``refuse``. They stand apart from the checks because linting calls them, and must
not pay for the records of a check. Values are as the compiler read them: quantities as ``{"text": "5 seeds"}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mltspec.language.quantity import Amount, parse_amount

Values = Mapping[str, Any]


def _amount(value: Mapping[str, str]) -> Amount:
    return parse_amount(value["text"])


def unreachable_seeds(values: Values) -> str:
    """``in >= 6 of 5 seeds`` is never reached, and ``in >= 0 of 5 seeds`` always."""
    held, seeds = values["held"], _amount(values["seeds"]).whole
    if held > seeds:
        return f"{held} of {seeds} seeds can never be reached"
    return "0 seeds always hold" if held < 1 else ""


def run_alone(values: Values) -> str:
    """One run agrees with itself."""
    return "one run cannot be compared with itself" if _amount(values["runs"]).whole < 2 else ""


def crash_as_asked(values: Values) -> str:
    """A crash is at one place; a tolerance says how close, and without one, or beside another level, nothing does."""
    places = [key for key in ("step", "anywhere", "during") if values.get(key) is not None]
    close, within = values["level"] == "close", values.get("within")
    if len(places) > 1:
        return "a crash is at a step, at any step, or during a save: say one of them"
    if values.get("drills") and not {"anywhere", "during"} & set(places):
        return "several drills are for `at any step` and `during save`; one step is the same each time"
    if values.get("times") == "twice" and "during" in places:
        return "`killed twice` goes with steps; during a save the run is killed once"
    if close and within is None:
        return "`is close` needs a tolerance, for example `is close within 1e-3`"
    return "`within` goes with `is close`" if within is not None and not close else ""


def not_compared(values: Values) -> str:
    """Two trained models are never equal."""
    if values["compare"] not in (">=", "<=", ">", "<"):
        return "a baseline is compared with `>=` or `<=`"
    return _not_sliced(values)


def churn_with_a_margin(values: Values) -> str:
    """Rows agree or they do not: there is nothing that a margin could be of."""
    if values["bound"].get("margin") is not None:
        return "rows agree with a baseline or they do not: leave out the margin, and say `on >= 98% of holdout`"
    return _not_sliced(values)


def no_search(values: Values) -> str:
    """A search goes over single features or pairs, and over more than one side of a bound."""
    if values["features"] not in (1, 2):
        return "slices are searched over 1 feature, or over 2 together"
    if values["compare"] in ("=", "!="):
        return "a weak slice lies on one side of a bound: write `>=` or `<=`"
    return "" if values["least_rows"] >= 1 else "a slice has at least 1 row"


def not_measured(values: Values) -> str:
    """An interval is never equal to a value."""
    if values.get("confidence") is not None and values["compare"] in ("=", "!="):
        return "an interval decides `>=` and `<=`, not `=`: leave out `with … confidence`"
    return _not_sliced(values)


def _not_sliced(values: Values) -> str:
    """What is about slices needs some, and a confidence is one."""
    if values.get("quantiles") is not None:
        if not values.get("by"):
            return "quantiles are of a feature: add `by FEATURE`"
        if values["quantiles"] < 2:
            return "a number is cut into at least 2 quantiles"
    if values.get("least_rows") is not None and not values.get("by"):
        return "`where rows >=` is about slices: add `by FEATURE`"
    confidence = values.get("confidence")
    if confidence is not None and not 0.5 < _amount(confidence).base < 1:
        return "a confidence lies between 50% and 100%"
    return ""


def empty_range(values: Values) -> str:
    """Nothing lies in ``1..0``."""
    low, high = (_amount(values["range"][end]).base for end in ("low", "high"))
    return "" if low < high else "the range is empty"


def no_upper_bound(values: Values) -> str:
    """A rollback may take at most so long, and at most so much may go wrong."""
    ops = [values["compare"], *(row["op"] for row in values.get("block", ()))]
    if any(op not in ("<=", "<", "=") for op in ops) or values["compare"] == "=":
        return "a rollback is bounded from above: write `<` or `<=`, and `=` for counts"
    if not _amount(values["rate"]).base > 0 or _amount(values["drills"]).whole < 1:
        return "a drill needs some load, and there must be at least one"
    return ""


def no_share(values: Values) -> str:
    """A candidate needs some of the traffic, and its baseline as much again."""
    shares = [_amount(each).base for each in values["shares"]]
    if not all(0 < share <= 0.5 for share in shares):
        return "a canary gets a share above 0% and at most 50%: its baseline gets as much again"
    if _amount(values["seconds"]).base <= 0 or _amount(values["rate"]).base <= 0:
        return "a canary needs some traffic for some time"
    if any(row["op"] not in ("<=", "<") for row in values.get("block", ())):
        return "what a candidate may do worse is bounded from above: write `<=`"
    return ""


def nothing_promised(values: Values) -> str:
    """A contract without a promise is kept by anything."""
    return "" if values["block"] else "a contract promises something: `{ rows >= 1_000 }`, or what `propose` writes"


def no_drill(values: Values) -> str:
    """``over 0 drills`` kills nothing, and so shows nothing."""
    return "" if _amount(values["drills"]).whole >= 1 else "there must be at least one drill"


def no_rise(values: Values) -> str:
    """``rises by 0`` is no rise."""
    by = values.get("by")
    return "to rise is to rise by more than 0" if by is not None and _amount(by).base <= 0 else ""


def no_move(values: Values) -> str:
    """``moves by 0`` is no move, and no answer moves by less than nothing."""
    if _amount(values["by"]).base <= 0:
        return "to move is to move by more than 0"
    return "no answer moves by less than 0" if _amount(values["bound"]).base < 0 else ""
