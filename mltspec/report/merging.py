"""The reports of several runs as one: the parts of a run that was sharded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from mltspec.report.json_report import ExpectationReport, RunReport
from mltspec.report.outcome import VERDICTS, Overall

WORST_FIRST = (
    Overall.SPEC_ERROR,
    Overall.INTERRUPTED,
    Overall.FAILED,
    Overall.NOT_JUDGED,
    Overall.PASSED,
    Overall.NOTHING_RAN,
)


class Overlap(ValueError):  # noqa: N818 - told to the user as it is
    """Two reports judge the same expectation, and say different things of it."""


def merged(runs: Sequence[RunReport]) -> RunReport:
    """Return one report of the parts of a run, in the order given.

    A part in which nothing was selected adds nothing; parts that agree on an expectation count it once. Seconds are
    those of the longest part, because parts run beside each other.

    Raises:
        Overlap: an expectation is judged twice, differently.
    """
    if len(runs) == 1:
        return runs[0]
    seen: dict[tuple[str, str], ExpectationReport] = {}
    for run in runs:
        for each in run.expectations:
            known = seen.setdefault((each.at.file, each.id), each)
            if known.verdict is not each.verdict:
                raise Overlap(
                    f"`{each.id}` is {known.verdict} in one report and {each.verdict} in another: these are not parts "
                    "of one run; give each run a report of its own"
                )
    evidence = {each.key or each.id: each for run in runs for each in run.evidence}
    diagnostics = {repr(sorted(each.items(), key=str)): each for run in runs for each in run.diagnostics}
    counted = Counter(each.verdict for each in seen.values())
    order = sorted(VERDICTS, key=lambda verdict: VERDICTS[verdict].makes is not Overall.FAILED)
    return runs[0].model_copy(
        update={
            "verdict": min((run.verdict for run in runs), key=WORST_FIRST.index),
            "seconds": max(run.seconds for run in runs),
            "evidence": tuple(evidence.values()),
            "expectations": tuple(seen.values()),
            "counts": {verdict: counted[verdict] for verdict in order if counted[verdict]},
            "interrupted": any(run.interrupted for run in runs),
            "unreached": sum(run.unreached for run in runs),
            "untracked": tuple(sorted({name for run in runs for name in run.untracked})),
            "diagnostics": tuple(diagnostics.values()),
            "shards": sum(run.shards for run in runs),
        }
    )
