"""From all expectations to those that were asked for, and to the evidence that those need."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import click

from mltspec.cli.tags import BadTags, TagExpression, parse_tags
from mltspec.cli.targets import Target, files_of, pick
from mltspec.language.suggest import closest
from mltspec.plan.plan import Expectation, Plan, Request
from mltspec.plan.verdict import Verdict

NOT_HELD = frozenset({Verdict.FAILED, Verdict.XPASS, Verdict.ERROR, Verdict.TIMED_OUT, Verdict.INCONCLUSIVE})
_SHARD = re.compile(r"^(\d+)/(\d+)$")


@dataclass(frozen=True)
class Selection:
    """What was asked for: each narrows what those before it left; no target at all stands for everything.

    ``last_failed`` keeps what did not hold last time, or all where everything did; ``failed_first`` only reorders.
    """

    targets: tuple[Target, ...]
    tags: str | None = None
    text: str | None = None
    last_failed: bool = False
    failed_first: bool = False
    shard: tuple[int, int] | None = None


def select(selection: Selection, plan: Plan, last: Mapping[str, str]) -> list[Expectation]:
    """Return the selected expectations in the order in which they shall be judged.

    Raises:
        click.UsageError: a line, an id or a tag names nothing.
    """
    specs = {str(file) for file in files_of(selection.targets)}
    wanted = {each.id for target in selection.targets for each in pick(target, plan.expectations, specs)}
    found = [each for each in plan.expectations if each.id in wanted or not selection.targets]
    if selection.tags is not None:
        expression = _tags(selection.tags, plan.expectations)
        found = [each for each in found if expression.holds(each.marks.tags)]
    if selection.text is not None:
        text = selection.text.casefold()
        found = [each for each in found if text in each.id.casefold() or text in each.text.casefold()]
    failed = {id for id, verdict in last.items() if verdict in NOT_HELD}
    if selection.last_failed:
        found = [each for each in found if each.id in failed] or found
    if selection.shard is not None:
        number, count = selection.shard
        found = found[len(found) * (number - 1) // count : len(found) * number // count]
    if selection.failed_first:
        found.sort(key=lambda each: each.id not in failed)
    return found


def trimmed(plan: Plan, expectations: Sequence[Expectation], limit_s: float | None = None) -> Plan:
    """Return a plan of some expectations and of no evidence but theirs, what is needed first first.

    ``limit_s`` overrides how long each piece of evidence may take.
    """
    known = {request.id: request for request in plan.requests}
    kept: dict[str, Request] = {}
    for expectation in expectations:
        waiting = list(reversed(expectation.needs))
        while waiting:
            request = known[waiting[-1]]
            missing = [need for need in request.needs if need not in kept]
            if missing and request.id not in kept:
                waiting += reversed(missing)
                continue
            kept.setdefault(waiting.pop(), request)
    requests = [r if limit_s is None else r.model_copy(update={"limit_s": limit_s}) for r in kept.values()]
    return plan.model_copy(update={"requests": tuple(requests), "expectations": tuple(expectations)})


def read_shard(text: str | None) -> tuple[int, int] | None:
    """Read ``2/4``: the second of four parts.

    Raises:
        click.UsageError: it is none.
    """
    if text is None:
        return None
    match = _SHARD.match(text)
    number, count = (int(match[1]), int(match[2])) if match else (0, 0)
    if not 1 <= number <= count:
        raise click.UsageError(f"`--shard {text}`: write I/N with 1 <= I <= N, for example `--shard 1/4`")
    return number, count


def _tags(text: str, expectations: Sequence[Expectation]) -> TagExpression:
    try:
        expression = parse_tags(text)
    except BadTags as problem:
        raise click.UsageError(f"--tag: {problem}") from problem
    known = sorted({tag for each in expectations for tag in each.marks.tags})
    for name in expression.names:
        if name not in known:
            near = closest(name, known)
            all_tags = f"tags: {', '.join(known)}" if known else "these specs have no tags"
            hint = f"did you mean `{near[0]}`?" if near else all_tags
            raise click.UsageError(f"--tag: no expectation is tagged `{name}`; {hint}")
    return expression
