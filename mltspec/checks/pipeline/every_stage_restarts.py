"""Every stage that is killed while it writes, and started again, ends as if nothing had happened.

As `stage S restarts cleanly`, for each stage of the pipeline that leaves an artifact.

    expect every stage restarts cleanly on sample of 5000 rows

Inconclusive when this is so for a stage, and no other one fails.

Source: Breck et al., "The ML Test Score", IEEE Big Data 2017, "Infra 3".
"""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.checks.check import Check, Clause, Example, Params, Scope
from mltspec.checks.pipeline.restarted import example_kill, example_restart, judged, once_more
from mltspec.checks.pipeline.staged import undisturbed
from mltspec.checks.refusals import no_drill
from mltspec.evidence.kind import Ask
from mltspec.evidence.pipeline import PIPELINE_RUN
from mltspec.evidence.restart import STAGE_RESTART, Difference, RestartEvidence
from mltspec.plan.quantity import Quantity
from mltspec.plan.verdict import Judgement, Verdict


class EveryRestartParams(Params):
    """The pipeline (None: the only one), the sample, and how often each stage is killed."""

    pipeline: str | None
    sample: Quantity | None
    drills: Quantity


def asks(params: EveryRestartParams, scope: Scope) -> Sequence[Ask]:
    """One drill a stage, over the same two undisturbed runs."""
    pipeline = scope.pipelines[params.pipeline or next(iter(scope.pipelines))]
    stages = [stage.name for stage in pipeline.stages if stage.writes]
    return [once_more(pipeline, name, params.sample, params.drills.count, scope) for name in stages]


def obstacle(params: EveryRestartParams, scope: Scope) -> str:
    """Say what is not clear: which pipeline."""
    if not scope.pipelines:
        return 'no pipeline is declared: `pipeline name { stage source python "module:callable" }`'
    if params.pipeline is None and len(scope.pipelines) > 1:
        return f"several pipelines are declared: say which, `in pipeline {next(iter(scope.pipelines))}`"
    return undisturbed(scope.pipelines[params.pipeline or next(iter(scope.pipelines))], scope)


def judge(params: EveryRestartParams, evidence: Sequence[RestartEvidence]) -> Judgement:
    """The first stage that did not restart cleanly is told."""
    return judged(evidence)


CHECK = Check(
    name="every-stage-restarts",
    test=3,
    phrase="every stage restarts cleanly",
    summary="Each stage that is killed while it writes, and started again, leaves the artifact of an undisturbed run.",
    params=EveryRestartParams,
    evidence=RestartEvidence,
    kinds=(STAGE_RESTART, PIPELINE_RUN),
    asks=asks,
    judge=judge,
    about="pipeline",
    obstacle=obstacle,
    refuse=no_drill,
    clauses=(
        Clause("on sample of {sample:rows}", "how many rows first stages take; all by default"),
        Clause("over {drills:drills}", "how often each stage is killed", default="over 3 drills"),
        Clause("in pipeline {pipeline:pipeline}", "the pipeline, where several are declared"),
    ),
    examples=lambda: (
        Example(
            "expect every stage restarts cleanly",
            (example_restart(), example_restart(stage="train")),
            Verdict.PASSED,
            "2 stages (`features` and `train`) were killed at 4 places and started again, and left the artifacts of an "
            "undisturbed run each time",
        ),
        Example(
            "expect every stage restarts cleanly over 2 drills",
            (
                example_restart(),
                example_restart(
                    example_kill(differences=(Difference(file="part-8.csv", kind="left over"),)), stage="train"
                ),
            ),
            Verdict.FAILED,
            "`train` started again and left `part-8.csv` behind, which an undisturbed run does not",
        ),
    ),
)
