"""How restarts of stages are judged and told, be it one stage or every one; and evidence for examples."""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.checks.check import Scope
from mltspec.checks.pipeline.staged import run_of
from mltspec.checks.wording import failed, inconclusive, listed, passed, plural
from mltspec.evidence.restart import Consumed, Difference, RestartAsk, RestartEvidence, StageKill
from mltspec.plan.quantity import Quantity
from mltspec.plan.subject import Pipeline
from mltspec.plan.verdict import Figure, Judgement

BOUND = Figure(text="the artifact of an undisturbed run")


def once_more(pipeline: Pipeline, stage: str, sample: Quantity | None, drills: int, scope: Scope) -> RestartAsk:
    """Return the drill of a stage over two undisturbed runs."""
    runs = (run_of(pipeline, sample, scope), run_of(pipeline, sample, scope, replica=1))
    return RestartAsk(runs=runs, stage=stage, drills=drills, seed=scope.seed)


def judged(evidence: Sequence[RestartEvidence]) -> Judgement:
    """Tell the first kill that was not survived, then what could not be seen."""
    faults = [(seen, kill) for seen in evidence for kill in seen.kills if kill.refused_with or kill.differences]
    kills = sum(len(seen.kills) for seen in evidence)
    undone = next((seen.undone for seen in evidence if seen.undone), "")
    if undone:
        return failed(undone, bound=BOUND)
    if faults:
        seen, kill = faults[0]
        many = f" ({len(faults)} of {plural(kills, 'kill')} not survived)" if kills > 1 else ""
        left = f"at the kill the folder held: {', '.join(kill.left) or 'nothing'}"
        measured = Figure(text="cannot start again" if kill.refused_with else "another artifact")
        details = [left, *(_told(seen, other, "") for _, other in faults[1:10]), *kill.tail.splitlines()[-20:]]
        return failed(_told(seen, kill, many), measured, BOUND, details)
    unseen = next(filter(None, map(_unseen, evidence)), "")
    if unseen:
        return inconclusive(unseen, bound=BOUND)
    return passed(_held(evidence, kills), Figure(text="the same artifact"), BOUND)


def _unseen(seen: RestartEvidence) -> str:
    """Say why nothing could be seen of a stage; empty if it could."""
    if seen.unobserved:
        return f"`{seen.stage}` could not be killed: {seen.unobserved}"
    if not seen.compared:
        differs = (
            f" ({listed(seen.unequal)} {'differ' if len(seen.unequal) > 1 else 'differs'})" if seen.unequal else ""
        )
        return (
            f"two undisturbed runs of `{seen.stage}` leave no file alike{differs}, so nothing can be said of a "
            "restart; take clocks and unseeded randomness out of what it writes"
        )
    return "" if seen.kills else f"`{seen.stage}` was never killed"


def _held(evidence: Sequence[RestartEvidence], kills: int) -> str:
    names = [seen.stage for seen in evidence]
    who = f"`{names[0]}` was" if len(names) == 1 else f"{plural(len(names), 'stage')} ({listed(names, 8)}) were"
    artifacts = "artifact" if len(names) == 1 else "artifacts"
    unequal = [name for seen in evidence for name in seen.unequal]
    but = f"; {listed(unequal)} differ between undisturbed runs too, and could not be compared" if unequal else ""
    return (
        f"{who} killed at {plural(kills, 'place')} and started again, and left the {artifacts} of an undisturbed run "
        f"each time{but}"
    )


def _told(seen: RestartEvidence, kill: StageKill, many: str) -> str:
    if kill.refused_with:
        return f"killed {kill.place}{many}, `{seen.stage}` did not start again: {kill.refused_with}"
    fault = _difference(kill.differences[0])
    more = f" (and {plural(len(kill.differences) - 1, 'more file')})" if len(kill.differences) > 1 else ""
    after = "".join(f"; {_consumed(each)}" for each in kill.consumed)
    return f"killed {kill.place}{many}, `{seen.stage}` started again and {fault}{more}{after}"


def _difference(each: Difference) -> str:
    match each.kind:
        case "twice":
            return (
                f"left {plural(each.rows, 'row')} of `{each.file}` twice (an undisturbed run has {each.of:,}): it "
                "appends to what the killed run had written"
            )
        case "taken for done":
            short = f", {each.rows:,} of {plural(each.of, 'row')} short" if each.rows else ""
            return f"left `{each.file}` half-written{short}: it took the file for done because it was there"
        case "lost":
            return f"left `{each.file}` without {each.rows:,} of {plural(each.of, 'row')}"
        case "broken":
            what = (
                f"with {plural(each.rows, 'row')} that an undisturbed run never writes" if each.rows else "unreadable"
            )
            return f"left `{each.file}` {what}: it went on in the middle of what the killed run had written"
        case "left over":
            return f"left `{each.file}` behind, which an undisturbed run does not"
        case "missing":
            return f"left no `{each.file}`"
        case "other":
            return f"left a `{each.file}` with other content"


def _consumed(each: Consumed) -> str:
    if each.outcome == "refused":
        return f"`{each.stage}` refused that ({each.error})"
    made = "the same of it" if each.outcome == "the same" else "something else of it"
    return f"`{each.stage}` took that without complaint and made {made}"


def example_kill(**seen: object) -> StageKill:
    """Return a kill that was survived, but for what is given."""
    kill = StageKill(
        place="while `table.csv` was written (call 3 of 9)",
        left=("table.csv",),
        refused_with="",
        tail="",
        differences=(),
        consumed=(),
    )
    return kill.model_copy(update=seen)


def example_restart(*kills: StageKill, **seen: object) -> RestartEvidence:
    """Return a stage that was killed twice, or as given."""
    restart = RestartEvidence(
        stage="features",
        calls=9,
        compared=1,
        unequal=(),
        kills=kills or (example_kill(), example_kill(place="before `table.csv` was put in place (call 9 of 9)")),
    )
    return restart.model_copy(update={**seen, **({"kills": ()} if seen.get("compared") == 0 else {})})
