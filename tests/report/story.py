"""Hand-made runs: lists of events as an engine would tell them."""

from mltspec.plan.events import Event, Failure, GatheringEnded, Judged, RunEnded, RunStarted
from mltspec.plan.plan import Excuse, Expectation, Marks, Place
from mltspec.plan.verdict import Figure, Judgement, Verdict
from mltspec.report.account import Account

SPEC = "tests/report/delay.mlt"
HOSTILE = "evil\x1b[31m\x07\u202e<&\"'>\x00\ud800é漢"


def expectation(name="training/loss", line=6, column=3, needs=("run",), text="expect loss decreases", **marks):
    return Expectation(
        id=name,
        suite=name.split("/")[0],
        check="loss-decreases",
        test=2,
        text=text,
        params={},
        defaults=("within 3 epochs",),
        needs=needs,
        at=Place(file=SPEC, line=line, column=column),
        marks=Marks(**marks),
        seed=7,
    )


def judged(verdict, name="training/loss", explanation="", measured=None, bound=None, details=(), seconds=1.5, **more):
    each = expectation(name, **more)
    judgement = Judgement(
        verdict=verdict,
        explanation=explanation or f"it is {verdict}",
        measured=None if measured is None else Figure(text=measured[0], value=measured[1]),
        bound=None if bound is None else Figure(text=bound[0], value=bound[1]),
        details=details,
    )
    reproduce = f"mltspec run '{SPEC}::{name}' --seed 7"
    return Judged(expectation=each, judgement=judgement, seconds=seconds, reproduce=reproduce)


def gathered(id="run", cached=False, failure=None):
    return GatheringEnded(
        id=id, kind="training run", label="train delay (seed 7)", key="0" * 64, seconds=12.25, cached=cached,
        failure=failure,
    )  # fmt: skip


def started(expectations, cached=0, profile="default"):
    return RunStarted(expectations=expectations, requests=9, cached=cached, workers=2, profile=profile)


def ended(interrupted=False, untracked=(), seconds=125.0):
    return RunEnded(seconds=seconds, interrupted=interrupted, gathered=8, cached=1, untracked=untracked)


def told(*events: Event, maxfail=None) -> Account:
    account = Account(maxfail)
    for event in events:
        account.take(event)
    return account


def broken():
    failure = Failure(kind="raised", message="ValueError: 3 features, expected 4", trace="flights/model.py:12 in build")
    details = ("flights/model.py:12 in build", "    raise ValueError")
    return [
        gathered("build", failure=failure),
        judged(Verdict.ERROR, "training/gradients", "ValueError: 3 features, expected 4", details=details, line=8),
        judged(
            Verdict.ERROR,
            "training/overfit",
            "needs `train delay (seed 7)`, which failed: ValueError: 3 features, expected 4",
            details=details,
            line=7,
        ),
    ]


def everything() -> list[Event]:
    """One of each verdict, and what does not decide."""
    excuse = Excuse(because="waits for staging", until="2027-01-01")
    return [
        started(11, cached=1, profile="release"),
        gathered("held", cached=True),
        judged(
            Verdict.PASSED, "quality/auc", measured=("0.91", 0.91), bound=(">= 0.8", 0.8), needs=("held",), seconds=0
        ),
        gathered(),
        judged(
            Verdict.FAILED,
            "training/loss",
            "the loss falls by 4.1% in 3 epochs, expected at least 20%; the learning rate may be too low, or the "
            "labels may not belong to their rows",
            measured=("4.1%", 0.041),
            bound=(">= 20%", 0.2),
            details=("epoch 1: 0.69", "epoch 2: 0.68"),
            seconds=12.25,
            owner="training team",
        ),
        *broken(),
        judged(Verdict.TIMED_OUT, "training/slow", "not done after 60 s", line=9),
        judged(
            Verdict.INCONCLUSIVE, "quality/slices", "no slice of carrier has 200 rows", line=10, bound=(">= 0.7", 0.7)
        ),
        judged(
            Verdict.SKIPPED, "release/rollback", "waits for staging, until 2027-01-01", skip=excuse, needs=(), line=11
        ),
        judged(Verdict.XFAIL, "quality/fairness", "gap is 3% (known: old data)", xfail=excuse, line=12),
        judged(Verdict.XPASS, "quality/mended", "passed, though it is marked as known to fail", xfail=excuse, line=13),
        judged(Verdict.FAILED, "quality/hint", "auc is NaN", measured=("NaN", float("nan")), severity="warn", line=99),
        judged(Verdict.FAILED, "quality/trial", "too early to count", dry_run=True, line=14),
        ended(untracked=("requests.get",)),
    ]
