"""A stage that is killed while it writes, and started again, ends as if nothing had happened.

The stage runs in a process of its own and is stopped at calls that change its folder, drawn from the seed; what lies
there is what a SIGKILL would leave, and at the last of them it gets one. It is started again on that folder, as a
scheduler would, and its artifact must be that of an undisturbed run: no row twice, none lost, nothing half-written.

    expect stage features restarts cleanly
    expect stage train restarts cleanly on sample of 5000 rows over 5 drills

If the artifact differs, the stages that read it are run on it, to tell whether anybody would notice.

Inconclusive when two undisturbed runs leave no file alike: then nothing can be said about a restart.

Source: Breck et al., "The ML Test Score", IEEE Big Data 2017, "Infra 3"; Kleppmann, "Designing Data-Intensive
Applications", 2017, chapter 10 (retries need output that is written whole or not at all).
"""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.checks.check import Check, Clause, Example, Params, Scope
from mltspec.checks.pipeline.restarted import example_kill, example_restart, judged, once_more
from mltspec.checks.pipeline.staged import meant, obstacle_of
from mltspec.checks.refusals import no_drill
from mltspec.evidence.kind import Ask
from mltspec.evidence.pipeline import PIPELINE_RUN
from mltspec.evidence.restart import STAGE_RESTART, Consumed, Difference, RestartEvidence
from mltspec.plan.quantity import Quantity
from mltspec.plan.verdict import Judgement, Verdict


class RestartParams(Params):
    """The stage, its pipeline (None: the only one that has it), the sample, and how often it is killed."""

    stage: str
    pipeline: str | None
    sample: Quantity | None
    drills: Quantity


def asks(params: RestartParams, scope: Scope) -> Sequence[Ask]:
    """One drill over two undisturbed runs, which other claims may share."""
    pipeline = meant(params.stage, params.pipeline, scope)
    assert pipeline is not None
    return [once_more(pipeline, params.stage, params.sample, params.drills.count, scope)]


def obstacle(params: RestartParams, scope: Scope) -> str:
    """Say which stage is not there, or leaves nothing."""
    found = meant(params.stage, params.pipeline, scope)
    missing = obstacle_of(params.stage, params.pipeline, scope)
    if missing or found is None or found.stage(params.stage).writes:
        return missing
    return f"stage `{params.stage}` serves and leaves no artifact; `expect rollback` drills servers"


def judge(params: RestartParams, evidence: Sequence[RestartEvidence]) -> Judgement:
    """The first kill that was not survived is told."""
    return judged(evidence)


CHECK = Check(
    name="stage-restarts",
    test=3,
    phrase="stage {stage:stage} restarts cleanly",
    summary="A stage that is killed while it writes, and started again, leaves the artifact of an undisturbed run.",
    params=RestartParams,
    evidence=RestartEvidence,
    kinds=(STAGE_RESTART, PIPELINE_RUN),
    asks=asks,
    judge=judge,
    about="pipeline",
    obstacle=obstacle,
    refuse=no_drill,
    clauses=(
        Clause("on sample of {sample:rows}", "how many rows first stages take; all by default"),
        Clause("over {drills:drills}", "how often it is killed", default="over 3 drills"),
        Clause("in pipeline {pipeline:pipeline}", "the pipeline, where several have a stage of that name"),
    ),
    examples=lambda: (
        Example(
            "expect stage features restarts cleanly",
            (example_restart(),),
            Verdict.PASSED,
            "`features` was killed at 2 places and started again, and left the artifact of an undisturbed run each",
        ),
        Example(
            "expect stage features restarts cleanly over 2 drills",
            (
                example_restart(
                    example_kill(
                        differences=(Difference(file="table.csv", kind="twice", rows=34, of=60),),
                        consumed=(Consumed(stage="train", outcome="another artifact"),),
                    )
                ),
            ),
            Verdict.FAILED,
            "killed while `table.csv` was written (call 3 of 9), `features` started again and left 34 rows of "
            "`table.csv` twice (an undisturbed run has 60): it appends to what the killed run had written; `train` "
            "took that without complaint and made something else of it",
        ),
        Example(
            "expect stage features restarts cleanly",
            (
                example_restart(
                    example_kill(
                        differences=(Difference(file="table.csv", kind="taken for done", rows=26, of=60),),
                        consumed=(Consumed(stage="train", outcome="refused", error="ValueError: 34 rows"),),
                    )
                ),
            ),
            Verdict.FAILED,
            "left `table.csv` half-written, 26 of 60 rows short: it took the file for done because it was there",
        ),
        Example(
            "expect stage features restarts cleanly",
            (example_restart(example_kill(refused_with="FileExistsError: parts")),),
            Verdict.FAILED,
            "`features` did not start again: FileExistsError: parts",
        ),
        Example(
            "expect stage features restarts cleanly",
            (example_restart(compared=0, unequal=("table.csv",)),),
            Verdict.INCONCLUSIVE,
            "two undisturbed runs of `features` leave no file alike (`table.csv` differs)",
        ),
    ),
)
