"""A candidate under a share of the traffic does no worse than a baseline of the same size at the same time.

    expect canary on staging at 5% of traffic for 60s { errors <= 0  p99 latency <= 1.2x }
    expect canary on staging at 1%, 5%, 25% of traffic for 10 min under 200 requests/s { mistakes <= 1pp }

The stream is open loop. Of each step's share as many requests go to the candidate as to the version that serves, by
lot; the rest to whatever is live. At ten looks the two are compared by exact tests: errors and mistakes by an excess of
shares, latency at a quantile by a ratio, the distribution of answers by a distance. It is stopped at the first look
that shows harm. Without a block, `errors <= 0` and `p99 latency <= 1x` are claimed: no worse than the baseline. The
chance that an equal candidate is ever stopped is at most 5%, over all looks and claims together.

Sent `as shadow`, the candidate gets copies of the baseline's requests, and no caller its answers. Requests that were
recorded (`data calls = recorded "calls.jsonl"`) are sent whole and in their order.

Inconclusive when no traffic came, or so little that the claims could not have failed.

Source: Breck et al., "What's your ML Test Score?", NIPS 2016, infrastructure test 6; Kayenta (baseline and canary of
the same size, side by side); the tests' own sources stand in `mltspec.statistics.arms`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from mltspec.checks.canary.comparison import Alarm, first_alarm, grown, together
from mltspec.checks.canary.depicted import stages
from mltspec.checks.canary.tried import TriedParams, stand_in_of
from mltspec.checks.check import Check, Clause, Example, Params, Scope
from mltspec.checks.refusals import no_share
from mltspec.checks.servers import meant, obstacle_on
from mltspec.checks.wording import failed, inconclusive, number, passed, plural, share
from mltspec.evidence.kind import Ask
from mltspec.evidence.traffic import TRAFFIC, Arm, Claim, Look, TrafficAsk, TrafficEvidence
from mltspec.plan.quantity import Quantity
from mltspec.plan.verdict import Figure, Judgement, Verdict

ALPHA = 0.05
FEWEST = 100
"""Requests that an arm needs at the least; for a latency's quantile, ten beyond it."""
DEFAULT = (Claim(what="errors", bound=0.0), Claim(what="latency", bound=1.0))


class Bound(Params):
    """One line of the block."""

    op: str
    errors: Quantity | None = None
    mistakes: Quantity | None = None
    p50: Quantity | None = None
    p90: Quantity | None = None
    p95: Quantity | None = None
    p99: Quantity | None = None
    distribution: Quantity | None = None
    memory: Quantity | None = None

    def claim(self) -> Claim:
        """Return what the line claims."""
        for quantile in ("p50", "p90", "p95", "p99"):
            ratio = getattr(self, quantile)
            if ratio is not None:
                return Claim(what="latency", bound=float(ratio), quantile=int(quantile[1:]) / 100)
        if self.errors is not None:
            return Claim(what="errors", bound=float(self.errors))
        if self.mistakes is not None:
            return Claim(what="mistakes", bound=float(self.mistakes))
        if self.memory is not None:
            return Claim(what="memory", bound=float(self.memory))
        assert self.distribution is not None
        return Claim(what="distribution", bound=float(self.distribution))


class TrafficParams(TriedParams):
    """The shares of the traffic, how long and how much of it, and what must not be worse."""

    shares: tuple[Quantity, ...]
    seconds: Quantity
    rate: Quantity
    source: str | None
    sent: Literal["split", "shadow"]
    block: tuple[Bound, ...]

    def claims(self) -> tuple[Claim, ...]:
        """Return what is claimed; the defaults where the block is empty."""
        return tuple(bound.claim() for bound in self.block) or DEFAULT


def asks(params: TrafficParams, scope: Scope) -> Sequence[Ask]:
    """One canary of the trained model."""
    server = meant(params.on, scope)
    assert server is not None
    return [
        TrafficAsk(
            run=scope.run(),
            data=scope.data[params.source] if params.source else scope.training,
            server=server,
            shares=tuple(float(each) for each in params.shares),
            seconds=float(params.seconds),
            rate=float(params.rate),
            claims=params.claims(),
            alpha=ALPHA,
            shadow=params.sent == "shadow",
        )
    ]


def obstacle(params: TrafficParams, scope: Scope) -> str:
    """Say why there is nothing to compare with, or why the server must not be disturbed."""
    server = scope.servers[params.on]
    if server.ours and server.serves is None:
        return (
            f"server `{server.name}` serves no version that a candidate could be compared with: name a folder of "
            f'versions, `server {server.name} = {server.system} {{ serves "models/{scope.model.name}" }}`'
        )
    return obstacle_on(params.on, scope, "canary")


def judge(params: TrafficParams, evidence: Sequence[TrafficEvidence]) -> Judgement:
    """The first look at which a claim fails decides; else there must have been enough traffic to fail."""
    (seen,) = evidence
    bound = Figure(text="; ".join(map(_claimed, params.claims())))
    if seen.load_error:
        return failed(f"{seen.system} cannot load the candidate: {seen.load_error}", bound=bound)
    if seen.split_error:
        return inconclusive(f"traffic could not be shared out: {seen.split_error}", bound=bound)
    canary = together([look.canary for look in seen.looks])
    baseline = together([look.baseline for look in seen.looks])
    measured = Figure(text=_measured(canary, baseline))
    if seen.live_after != seen.baseline:
        return failed(
            f"after the canary version {seen.live_after or 'none'} serves, and not {seen.baseline} as before",
            measured,
            bound,
        )
    alarm = first_alarm(params.claims(), seen.looks, seen.looks_planned, ALPHA)
    if alarm is not None:
        return failed(_said(alarm, seen), measured, bound)
    return _unharmed(params, seen, canary, baseline, measured, bound)


def _unharmed(
    params: TrafficParams, seen: TrafficEvidence, canary: Arm, baseline: Arm, measured: Figure, bound: Figure
) -> Judgement:
    from mltspec.statistics.arms import smallest_caught

    least = min(canary.requests, baseline.requests)
    due = max([FEWEST, *(round(10 / (1 - c.quantile)) for c in params.claims() if c.what == "latency")])
    if least < due:
        return inconclusive(
            f"an arm met {plural(least, 'request')}, and {due:,} are the fewest that could show harm: send more "
            "requests/s, for longer, or give the canary a larger share",
            measured,
            bound,
        )
    if any(claim.what == "memory" for claim in params.claims()) and grown(seen.looks) is None:
        return inconclusive(f"{seen.system} does not run here, so its memory is not seen", measured, bound)
    if any(claim.what == "mistakes" for claim in params.claims()) and not canary.labelled:
        return inconclusive("there are no labels to tell mistakes by", measured, bound)
    caught = smallest_caught(least, baseline.failed / baseline.requests, ALPHA / len(params.claims()) / 4)
    return passed(
        f"version {seen.canary} beside {seen.baseline}, {plural(least, 'request')} each: no claim failed at "
        f"{plural(len(seen.looks), 'look')}; errors {number(caught * 100)} pp more frequent would have been caught "
        f"nine times in ten{stand_in_of(seen.production)}",
        measured,
        bound,
    )


def _claimed(claim: Claim) -> str:
    if claim.what == "latency":
        return f"p{claim.quantile * 100:g} latency <= {claim.bound:g}x"
    if claim.what == "distribution":
        return f"distribution <= {claim.bound:g}"
    if claim.what == "memory":
        return f"memory <= {claim.bound / 1e6:g} MB"
    return f"{claim.what} <= {claim.bound * 100:g}pp"


def _measured(canary: Arm, baseline: Arm) -> str:
    return (
        f"{canary.failed:,} of {canary.requests:,} failed beside {baseline.failed:,} of {baseline.requests:,}, p99 "
        f"{number(_quantile(canary, 0.99) * 1e3)} ms beside {number(_quantile(baseline, 0.99) * 1e3)} ms"
    )


def _quantile(arm: Arm, quantile: float) -> float:
    times = sorted(arm.latencies_s)
    return times[min(len(times) - 1, int(quantile * len(times)))] if times else float("nan")


def _said(alarm: Alarm, seen: TrafficEvidence) -> str:
    canary, baseline, claim = alarm.canary, alarm.baseline, alarm.claim
    at = f"at look {alarm.look} of {seen.looks_planned}, p = {number(alarm.p)}"
    if claim.what == "errors":
        cause = f" (first: {canary.first_error})" if canary.first_error else ""
        return (
            f"the candidate fails more often: {canary.failed:,} of {plural(canary.requests, 'request')} beside "
            f"{baseline.failed:,} of {baseline.requests:,} ({at}){cause}"
        )
    if claim.what == "mistakes":
        return (
            f"the candidate is wrong more often: {share(canary.mistakes / canary.labelled)} of its answers miss the "
            f"label beside {share(baseline.mistakes / baseline.labelled)} ({at})"
        )
    if claim.what == "memory":
        size = grown(seen.looks[: alarm.look]) or 0
        return (
            f"the server's memory grew by {size / 1e6:,.0f} MB while the candidate answered "
            f"{plural(canary.requests, 'request')}, {size / canary.requests / 1e3:,.0f} kB each: it leaks (at look "
            f"{alarm.look} of {seen.looks_planned})"
        )
    if claim.what == "latency":
        ours, theirs = (_quantile(arm, claim.quantile) for arm in (canary, baseline))
        return (
            f"the candidate is slower: p{claim.quantile * 100:g} {number(ours * 1e3)} ms beside "
            f"{number(theirs * 1e3)} ms at the same time, {number(ours / theirs)}x ({at})"
        )
    return f"the candidate's answers are distributed otherwise than the baseline's ({at})"


def _example(canary: Arm, looks: int = 10, sizes: Sequence[int | None] = (), **seen: object) -> TrafficEvidence:
    healthy = Arm(requests=300, latencies_s=tuple(0.001 + 1e-6 * (at % 97) for at in range(300)))
    return TrafficEvidence(
        system="local",
        production=False,
        baseline="1",
        canary="2",
        looks_planned=10,
        looks=tuple(
            Look(share=0.05, canary=canary, baseline=healthy, memory_bytes=size) for size in (sizes or [None] * looks)
        ),
        live_after="1",
    ).model_copy(update=seen)


_EQUAL = Arm(requests=300, latencies_s=tuple(0.001 + 1e-6 * (at % 97) for at in range(300)))
_FAILING = Arm(requests=300, failed=9, latencies_s=_EQUAL.latencies_s[:291], first_error="status 500: index 4000")
_SLOW = _EQUAL.model_copy(update={"latencies_s": tuple(10 * each for each in _EQUAL.latencies_s)})

CHECK = Check(
    name="canary-under-traffic",
    test=6,
    phrase="canary on {on:server} at",
    summary="Under a share of the traffic a candidate does no worse than a concurrent baseline of the same size.",
    params=TrafficParams,
    evidence=TrafficEvidence,
    kinds=(TRAFFIC,),
    asks=asks,
    judge=judge,
    obstacle=obstacle,
    depict=lambda params, evidence: stages(evidence[0]),
    refuse=no_share,
    clauses=(
        Clause("{shares:ratios} of traffic", "the candidate's share, or its steps", required=True),
        Clause("for {seconds:time}", "how long", default="for 60s"),
        Clause("under {rate:requests per time}", "all of the traffic", default="under 200 requests/s"),
        Clause("from {source:data}", "rows that are sent, or recorded requests; the training data by default"),
        Clause("as {sent:split/shadow}", "requests of its own, or copies of the baseline's", default="as split"),
    ),
    block=(
        Clause(
            "errors {op:compare} {errors:number|ratio|percentage points}", "failed requests, more than the baseline"
        ),
        Clause("mistakes {op:compare} {mistakes:percentage points|ratio}", "answers that miss the label, more than it"),
        Clause("p50 latency {op:compare} {p50:ratio}", "the median, relative to the baseline's"),
        Clause("p90 latency {op:compare} {p90:ratio}", "the 90th percentile, relative to the baseline's"),
        Clause("p95 latency {op:compare} {p95:ratio}", "the 95th percentile, relative to the baseline's"),
        Clause("p99 latency {op:compare} {p99:ratio}", "the 99th percentile, relative to the baseline's"),
        Clause("memory {op:compare} {memory:size}", "growth of the server's memory, from the first look on"),
        Clause("distribution {op:compare} {distribution:number}", "distance of answers' distributions, 0 to 1"),
    ),
    examples=lambda: (
        Example(
            "expect canary on staging at 5% of traffic for 60s { errors <= 0  p99 latency <= 1.2x }",
            (_example(_EQUAL),),
            Verdict.PASSED,
            "version 2 beside 1, 3,000 requests each: no claim failed at 10 looks",
        ),
        Example(
            "expect canary on staging at 1%, 5% of traffic",
            (_example(_FAILING, looks=4),),
            Verdict.FAILED,
            "the candidate fails more often: 18 of 600 requests beside 0 of 600 (at look 2 of 10",
        ),
        Example(
            "expect canary on staging at 5% of traffic { p99 latency <= 1.2x }",
            (_example(_SLOW, looks=4),),
            Verdict.FAILED,
            "the candidate is slower: p99",
        ),
        Example(
            "expect canary on staging at 5% of traffic { memory <= 50MB }",
            (_example(_EQUAL, looks=2, sizes=(400_000_000, 490_000_000)),),
            Verdict.FAILED,
            "the server's memory grew by 90 MB while the candidate answered 600 requests, 150 kB each: it leaks",
        ),
        Example(
            "expect canary on staging at 5% of traffic",
            (_example(Arm(), looks=0),),
            Verdict.INCONCLUSIVE,
            "an arm met 0 requests",
        ),
    ),
)
