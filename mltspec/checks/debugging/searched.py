"""What all claims about any batch share: the ask, and how a search is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mltspec.checks.check import Check, Clause, Example, Params, Scope
from mltspec.checks.wording import failed, figure, inconclusive, passed, plural
from mltspec.evidence.kind import Ask, Blob
from mltspec.evidence.probes import PROBES, Cell, Claim, Counterexample, ProbesAsk, ProbesEvidence, Terms
from mltspec.evidence.training import TRAINING
from mltspec.plan.picture import Picture, Table
from mltspec.plan.quantity import Quantity
from mltspec.plan.verdict import Figure, Judgement


class NoParams(Params):
    """A claim without words of its own."""


class WithinParams(Params):
    """The largest difference of an answer, relative where answers are larger than one."""

    within: Quantity


WITHIN = Clause(
    "within {within:number}",
    "largest difference of an answer, in proportion to its size where that is above one",
    default="within 1e-5",
)
"""What arithmetic of the model's own precision brings about is tolerated besides."""


def ask(scope: Scope, claim: Claim, terms: Terms | None = None) -> list[ProbesAsk]:
    """Return the search for one claim over the batches that stand around it."""
    return [
        ProbesAsk(
            run=scope.run(),
            data=None if scope.made_up else scope.probed or scope.training,
            claim=claim,
            terms=terms or Terms(),
            least_rows=scope.least_rows or 1,
            most_rows=scope.most_rows or 64,
            examples=scope.examples,
            seed=scope.seed,
            reach=scope.reach,
        )
    ]


def judge_search(evidence: Sequence[ProbesEvidence], claim: str, bound: Figure, cause: str) -> Judgement:
    """Judge a search: a counterexample fails, none found over enough batches passes, no batch decides nothing."""
    (seen,) = evidence
    if seen.found is not None:
        measured = Figure(text=seen.found.seen, value=seen.worst)
        again = ", as it was before" if seen.known else ""
        return failed(
            f"{claim} does not hold: {seen.found.seen} for a batch of {plural(seen.found.rows, 'row')}, "
            f"the smallest found{again}{_unusual(seen.found)}; {cause}",
            measured,
            bound,
            [*_table(seen.found), *_replaying(seen.found)],
        )
    if seen.examples == 0:
        return inconclusive("no batch was probed", bound=bound)
    if seen.flaky:
        return inconclusive(
            f"a batch broke the claim once ({seen.worst_text}) but not when it was sent again; "
            "the model is random at inference, or something else changes between calls",
            bound=bound,
        )
    if not seen.state_left_as_found:
        return failed(
            f"{claim} was probed, but predicting changes the model's own state (a variable is not what it was)",
            bound=bound,
        )
    measured = figure(seen.worst, seen.worst_text) if seen.worst is not None else Figure(text=seen.worst_text or "held")
    notes = [seen.worst_text] if seen.worst_text else []
    notes += [f"{plural(seen.replayed, 'earlier counterexample')} among them"] if seen.replayed else []
    notes += ["with the noise that it is declared to have held still"] if seen.noise_held else []
    told = f" ({'; '.join(notes)})" if notes else ""
    return passed(
        f"{claim} held for {plural(seen.examples, 'batch')} of {seen.rows:,} rows in all{told}",
        measured,
        bound,
    )


def tolerant(
    name: str, claim: Claim, summary: str, cause: str, examples: Callable[[], tuple[Example, ...]]
) -> Check[WithinParams, ProbesEvidence]:
    """Return a check whose phrase is a claim about answers that holds within a tolerance.

    The tolerance decides what is a counterexample, so it is part of what is searched for. ``cause`` says where to look.
    """

    def asks(params: WithinParams, scope: Scope) -> Sequence[Ask]:
        return ask(scope, claim, Terms(tolerance=float(params.within)))

    def judge(params: WithinParams, evidence: Sequence[ProbesEvidence]) -> Judgement:
        return judge_search(evidence, *tolerated(claim, params), cause)

    return Check(
        name=name,
        test=5,
        phrase=claim,
        summary=summary,
        params=WithinParams,
        evidence=ProbesEvidence,
        kinds=(PROBES, TRAINING),
        asks=asks,
        judge=judge,
        depict=depict_search,
        clauses=(WITHIN,),
        in_batch=True,
        examples=examples,
    )


def tolerated(claim: str, params: WithinParams) -> tuple[str, Figure]:
    """Return a claim with its tolerance, and the bound that this is."""
    within = f"within {params.within}"
    return f"{claim} {within}", Figure(text=within, value=float(params.within))


def depict_search(params: Params, evidence: Sequence[ProbesEvidence]) -> Sequence[Picture]:
    """Show the smallest batch that breaks the claim; what differs from a typical row is marked."""
    found = evidence[0].found
    if found is None:
        return []
    unusual = {(cell.row, cell.feature) for cell in found.unusual}
    marked = [
        (row, column)
        for row in range(len(found.table))
        for column, feature in enumerate(found.columns)
        if (row, feature) in unusual
    ]
    title = f"the smallest batch found: {plural(found.rows, 'row')}"
    return [Table(title=title, head=found.columns, rows=found.table, marked=tuple(marked))]


def _replaying(found: Counterexample) -> list[str]:
    return [f"kept as counterexample {found.id}: `--replay {found.id}` tries it alone"] if found.id else []


def _unusual(found: Counterexample) -> str:
    if not found.unusual:
        return ""
    cells = [f"{cell.feature} = {cell.value}" for cell in found.unusual[:3]]
    more = f" and {len(found.unusual) - 3} more" if len(found.unusual) > 3 else ""
    return f" (unusual: {', '.join(cells)}{more})"


def _table(found: Counterexample) -> list[str]:
    """Lay the batch out in columns; cells that differ from a typical row are starred."""
    starred = {(cell.row, cell.feature) for cell in found.unusual}
    rows = [
        [value + ("*" if (number, column) in starred else "") for column, value in zip(found.columns, row, strict=True)]
        for number, row in enumerate(found.table)
    ]
    widths = [max(map(len, column)) for column in zip(found.columns, *rows, strict=True)]
    lines = [found.columns, *rows]
    return ["  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in lines]


def example_held(worst: float | None, text: str) -> ProbesEvidence:
    """Return evidence of a search that found nothing, for examples."""
    return ProbesEvidence(
        examples=200,
        rows=6400,
        found=None,
        worst=worst,
        worst_text=text,
        state_left_as_found=True,
        probes_per_second=900.0,
    )


def example_broken(seen: str, worst: float | None, *unusual: Cell) -> ProbesEvidence:
    """Return evidence of a search that found a batch of one row, for examples."""
    found = Counterexample(
        rows=1,
        columns=("x[0]", "x[1]"),
        table=(("0", "1.5"),),
        unusual=unusual,
        seen=seen,
        batch=Blob(digest="0", size_bytes=0),
    )
    return example_held(worst, seen).model_copy(update={"found": found})
