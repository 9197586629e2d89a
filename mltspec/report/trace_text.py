"""A trace as people read it in a terminal: stage by stage, the first trouble last."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from mltspec.checks.debugging.trace_finite import told
from mltspec.evidence.trace import LayerTrace, TraceEvidence, Values
from mltspec.language.render import printable
from mltspec.report.paint import BOLD, DIM, Paint, counted

RED, YELLOW, GREEN = "31", "33", "32"
_SPARKS = " ▁▂▃▄▅▆▇█"
_SPARK_WIDTH = 12


def lines(trace: TraceEvidence, model: str, data: str, paint: Paint) -> Iterator[str]:
    """Return a trace, line by line. ``model`` and ``data`` are the names in the spec."""
    after = f"after {counted(trace.trained_steps, 'training step')}" if trace.trained_steps else "untrained"
    yield paint(printable(f"{counted(trace.rows, 'row')} of {data} through {model}, {after}"), BOLD)
    yield ""
    yield from _table(["input", *_HEAD], [[name, *_figures(values)] for name, values in trace.inputs], paint)
    yield ""
    yield from _layers(trace.layers, paint)
    yield from _step(trace, paint)
    yield ""
    for each in trace.compared:
        said = f"not asked: {each.why}" if each.largest is None else f"within {_number(each.largest)}"
        good = each.largest is not None and each.largest <= trace.tolerance
        yield f"{each.where:<9}  {paint(printable(said), GREEN if good else YELLOW)}"
    for reason in trace.unseen:
        yield paint(printable(f"not seen   {reason}"), YELLOW)
    yield ""
    if trace.found is None:
        yield paint("no trouble: every tensor that matters is finite", GREEN)
    else:
        yield paint(printable(f"first trouble: {told(trace.found)}"), f"{BOLD};{RED}")


_HEAD = ["shape", "range", "mean", "spread", "zeros", "", ""]


def _layers(layers: Sequence[LayerTrace], paint: Paint) -> Iterator[str]:
    rows, tones = [], []
    depths = _depths(layers)
    for layer in layers:
        values = layer.answered or layer.trained
        notes: list[str] = [layer.trouble] if layer.trouble else []
        notes += [f"{layer.saturated:.0%} saturated"] if layer.saturated and layer.saturated > 0.05 else []
        notes += [f"{layer.calls} calls"] if layer.calls > 1 else []
        notes += ["training only"] if layer.answered is None else []
        name = "  " * depths[layer.path] + layer.path.rsplit("/", 1)[-1]
        figures = _figures(values) if values is not None else [""] * 7
        rows.append([f"{name} ({layer.kind})", *figures[:-1], "; ".join(notes)])
        tones.append(RED if layer.trouble == "not finite" else YELLOW if layer.trouble else "")
    yield from _table(["layer", *_HEAD], rows, paint, tones)


def _step(trace: TraceEvidence, paint: Paint) -> Iterator[str]:
    yield ""
    if trace.untaken:
        yield paint(printable(f"no training step: {trace.untaken}"), YELLOW)
        return
    losses = ", ".join(map(_number, trace.losses[:8])) + (", …" if len(trace.losses) > 8 else "")
    yield f"loss       {losses}"
    yield ""
    rows, tones = [], []
    for weight in trace.weights:
        gradient = weight.gradient
        figures = ["none"] + [""] * 6 if gradient is None else _figures(gradient)
        notes = [figures[-1]] if figures[-1] else []
        rows.append([weight.path, *figures[:-1], "; ".join([*notes, f"update {_number(weight.ratio)}"])])
        tones.append(RED if gradient is not None and gradient.nonfinite else YELLOW if gradient is None else "")
    yield from _table(["gradient of", *_HEAD], rows, paint, tones)
    if trace.slots:
        yield ""
        slots = [[slot.path, slot.what, _number(slot.before), "->", _number(slot.after)] for slot in trace.slots]
        yield from _table(["optimizer", "", "norm", "", ""], slots, paint)


def _depths(layers: Sequence[LayerTrace]) -> dict[str, int]:
    within = {layer.path: layer.within for layer in layers}
    depths: dict[str, int] = {}
    for layer in layers:
        depth, above, seen = 0, layer.within, {layer.path}
        while above and above in within and above not in seen:
            seen.add(above)
            depth, above = depth + 1, within[above]
        depths[layer.path] = depth
    return depths


def _figures(values: Values) -> list[str]:
    """Return the columns that describe a tensor."""
    shape = "×".join(map(str, values.shape)) or "number"
    if not values.bars:
        bad = f"{values.nonfinite:,} not finite" if values.nonfinite else ""
        return [f"{shape} {values.dtype}", "", "", "", "", "", bad]
    return [
        f"{shape} {values.dtype}",
        f"{_number(values.low)} .. {_number(values.high)}",
        _number(values.mean),
        f"± {_number(values.spread)}",
        f"{values.zeros:.0%}",
        spark(values.bars),
        f"{values.nonfinite:,} not finite" if values.nonfinite else "",
    ]


def spark(bars: Sequence[int]) -> str:
    """Return a histogram in one line of characters."""
    size = max(1, len(bars) // _SPARK_WIDTH)
    sums = [sum(bars[at : at + size]) for at in range(0, len(bars), size)]
    most = max(sums, default=0) or 1
    return "".join(_SPARKS[min(8, math.ceil(8 * each / most))] for each in sums)


def _number(value: float) -> str:
    return f"{value:.3g}" if math.isfinite(value) else "NaN" if math.isnan(value) else "inf" if value > 0 else "-inf"


def _table(
    head: Sequence[str], rows: Sequence[Sequence[str]], paint: Paint, tones: Sequence[str] = ()
) -> Iterator[str]:
    if not rows:
        return
    shown = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(head, *shown, strict=True)]
    yield paint(_line(head, widths), DIM)
    for at, row in enumerate(shown):
        yield paint(_line(row, widths), tones[at] if tones else "")


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
