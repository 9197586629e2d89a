"""Pictures of answers: ROC and precision-recall curves, confusion of classes, and where scores lie."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from mltspec.evidence.predictions import DifferenceEvidence, ScoreCounts
from mltspec.plan.picture import Curves, Line, Picture, Table

MOST_MARKED = 3
BINS_DRAWN = 20
"""Of a distribution; more would show noise."""

ORDERING = ("auc", "roc", "average_precision", "precision", "recall", "f1", "jaccard")
"""Metrics that are about the order of scores or where it is cut: curves say more of them than one table."""


def of_answers(counts: ScoreCounts | None, metric: str) -> list[Picture]:
    """Return what a reader should see of a metric's answers; nothing where they are numbers."""
    if counts is None:
        return []
    if counts.decided:
        return [confusion(counts)]
    if not any(word in metric.lower() for word in ORDERING):
        return [distribution({"": counts})]
    return list(curves({"model": counts}, metric))


def of_both(seen: DifferenceEvidence, metric: str) -> list[Picture]:
    """Return the answers of both models of a comparison in one picture each."""
    if seen.our_scores is None or seen.their_scores is None or seen.our_scores.decided:
        return []
    both = {"ours": seen.our_scores, "baseline": seen.their_scores}
    found: list[Picture] = [distribution(both)]
    if any(word in metric.lower() for word in ORDERING):
        found += curves(both, metric)
    return found


def curves(models: dict[str, ScoreCounts], metric: str) -> Iterator[Curves]:
    """Yield the ROC curve, and for metrics of single decisions the precision-recall curve too."""
    known = {name: counts for name, counts in models.items() if sum(counts.yes) and sum(counts.no)}
    if not known:
        return
    chance = Line(name="chance", x=(0.0, 1.0), y=(0.0, 1.0))
    lines = tuple(_roc(name, counts) for name, counts in known.items())
    yield Curves(title="ROC", x="false positive rate", y="true positive rate", lines=(*lines, chance))
    if "auc" not in metric.lower() and "roc" not in metric.lower():
        drawn = tuple(_precision_recall(name, counts) for name, counts in known.items())
        yield Curves(title="precision and recall", x="recall", y="precision", lines=drawn)


def _from_the_top(counts: Sequence[int]) -> list[int]:
    """Return how many rows score at least each edge of a bin, the highest edge first."""
    return list(accumulate(reversed(counts), initial=0))


def _roc(name: str, counts: ScoreCounts) -> Line:
    yes, no = _from_the_top(counts.yes), _from_the_top(counts.no)
    return Line(name=name, x=tuple(each / no[-1] for each in no), y=tuple(each / yes[-1] for each in yes))


def _precision_recall(name: str, counts: ScoreCounts) -> Line:
    pairs = list(zip(_from_the_top(counts.yes), _from_the_top(counts.no), strict=True))
    said = [(yes, no) for yes, no in pairs if yes + no]
    return Line(
        name=name, x=tuple(yes / pairs[-1][0] for yes, _ in said), y=tuple(yes / (yes + no) for yes, no in said)
    )


def distribution(models: dict[str, ScoreCounts]) -> Curves:
    """Return where scores lie, for rows of each label."""
    lines = []
    for name, counts in models.items():
        for label, each in (("label yes", counts.yes), ("label no", counts.no)):
            total, width = sum(each), len(each) // BINS_DRAWN
            if total:
                shares = [sum(each[start : start + width]) / total for start in range(0, len(each), width)]
                places = tuple((at + 0.5) / BINS_DRAWN for at in range(len(shares)))
                lines.append(Line(name=f"{name}, {label}" if name else label, x=places, y=tuple(shares)))
    return Curves(title="where scores lie", x="score", y="share of the rows of that label", lines=tuple(lines))


def confusion(counts: ScoreCounts) -> Table:
    """Return labels against decisions; the cells of the commonest mistakes are marked."""
    mistakes = sorted(
        ((count, row, column) for row, each in enumerate(counts.decided) for column, count in enumerate(each)
         if row != column and count),
        reverse=True,
    )  # fmt: skip
    return Table(
        title="labels (down) and decisions (across)",
        head=("label", *map(str, range(len(counts.decided)))),
        rows=tuple((str(label), *(f"{count:,}" for count in each)) for label, each in enumerate(counts.decided)),
        marked=tuple((row, column + 1) for _, row, column in mistakes[:MOST_MARKED]),
    )
