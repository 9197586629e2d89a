"""A trace as one HTML page that needs nothing else: no script, no font, no picture from anywhere."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape

from mltspec.checks.debugging.trace_finite import told
from mltspec.evidence.trace import LayerTrace, TraceEvidence, Values
from mltspec.report.paint import counted
from mltspec.report.trace_picture import TONES, anchor, graph, histogram

_STYLE = """
:root { --ink: #1d2330; --dim: #667085; --line: #d5dae3; --page: #fff; --card: #f6f7fa;
  --good: #2e7d4f; --odd: #b07908; --bad: #c62f2f; --bar: #5b7fc7; color-scheme: light dark; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9f0; --dim: #9aa4b5; --line: #3a4252; --page: #151922;
  --card: #1d2330; --good: #59b983; --odd: #e0ab3c; --bad: #ff7b72; --bar: #7d9fe6; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page); margin: 0 auto;
  max-width: 76rem; padding: 1.5rem; }
h1 { font-size: 1.4rem; margin: 0 0 .3rem } h2 { font-size: 1.05rem; margin: 2rem 0 .6rem }
.verdict { padding: .7rem 1rem; border-left: 4px solid var(--good); background: var(--card); margin: 1rem 0 }
.verdict.bad { border-color: var(--bad) } .dim, .kind { color: var(--dim) }
.scroll { overflow-x: auto } table { border-collapse: collapse; font-variant-numeric: tabular-nums; width: 100% }
th, td { text-align: left; padding: .3rem .7rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: middle;
  white-space: nowrap } th { font-weight: 600; color: var(--dim) }
.bad { color: var(--bad) } .odd { color: var(--odd) } .bars rect { fill: var(--bar) }
.graph text { font: 13px system-ui, sans-serif; fill: var(--ink) } .graph .kind { fill: var(--dim); font-size: 11px }
.node rect { fill: var(--card); stroke: var(--good); stroke-width: 1.5 } .node.odd rect { stroke: var(--odd) }
.node.bad rect { stroke: var(--bad); stroke-width: 2.5 } .node.first rect { fill: var(--bad); fill-opacity: .2 }
.node.plain rect { stroke: var(--line) }
.node.unseen rect { stroke: var(--dim); stroke-dasharray: 4 3 }
.edge { fill: none; stroke: var(--dim); stroke-width: 1.2 } a { color: inherit; text-decoration: none }
tr:target { outline: 2px solid var(--bar) }
"""
_TENSOR = ("shape", "range", "mean", "spread", "zeros", "values")


def page(trace: TraceEvidence, model: str, data: str) -> str:
    """Return the page. ``model`` and ``data`` are the names in the spec; everything a user wrote is escaped."""
    after = f"after {counted(trace.trained_steps, 'training step')}" if trace.trained_steps else "untrained"
    title = f"{counted(trace.rows, 'row')} of {data} through {model}"
    body = [
        f"<h1>{escape(title)}</h1><div class=dim>{escape(after)}</div>",
        _verdict(trace),
        _section("The batch", _rows_table(trace.columns, trace.table)),
        _section("Inputs", _table(("input", *_TENSOR), [[escape(n), *_cells(v)] for n, v in trace.inputs])),
        _section("Layers", f"<div class=scroll>{graph(trace)}</div>{_layers(trace.layers)}"),
        _section("Training step", _step(trace)),
        _section("The same rows elsewhere", _elsewhere(trace)),
    ]
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>{escape(title)}</title><style>{_STYLE}</style><body>{''.join(body)}</body></html>\n"
    )


def _verdict(trace: TraceEvidence) -> str:
    if trace.found is None:
        text, tone = "No trouble: every tensor that matters is finite.", ""
    else:
        text, tone = f"First trouble {told(trace.found)}", " bad"
    unseen = "".join(f"<br><span class=dim>Not seen: {escape(each)}</span>" for each in trace.unseen)
    return f'<div class="verdict{tone}">{escape(text)}{unseen}</div>'


def _layers(layers: Sequence[LayerTrace]) -> str:
    rows, names = [], []
    for layer in layers:
        values = layer.answered or layer.trained
        tone = TONES[layer.trouble]
        marks: list[str] = [layer.trouble] if layer.trouble else []
        marks += [f"{layer.saturated:.0%} saturated"] if layer.saturated and layer.saturated > 0.05 else []
        marks += [f"{layer.calls} calls"] if layer.calls > 1 else []
        name = f"{escape(layer.path)} <span class=kind>{escape(layer.kind)}</span>"
        figures = _cells(values) if values is not None else [""] * len(_TENSOR)
        rows.append([name, *figures, f'<span class="{tone}">{escape("; ".join(marks))}</span>'])
        names.append(anchor(layer.path))
    return _table(("layer", *_TENSOR, ""), rows, names)


def _step(trace: TraceEvidence) -> str:
    if trace.untaken:
        return f"<p class=dim>None was taken: {escape(trace.untaken)}.</p>"
    losses = ", ".join(map(_number, trace.losses))
    rows = []
    for weight in trace.weights:
        gradient = weight.gradient
        figures = _cells(gradient) if gradient is not None else ["no gradient", *[""] * (len(_TENSOR) - 1)]
        rows.append([escape(weight.path), *figures, _number(weight.ratio)])
    slots = [[escape(slot.path), escape(slot.what), _number(slot.before), _number(slot.after)] for slot in trace.slots]
    return (
        f"<p>Loss: {losses}</p>"
        f"{_table(('gradient of', *_TENSOR, 'update / weight'), rows)}"
        f"{_table(('optimizer', '', 'norm before', 'after'), slots) if slots else ''}"
    )


def _elsewhere(trace: TraceEvidence) -> str:
    rows = [
        [each.where, "" if each.largest is None else _number(each.largest), escape(each.why)] for each in trace.compared
    ]
    return _table(("where", "largest difference", ""), rows)


def _rows_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return _table([escape(column) for column in columns], [[escape(cell) for cell in row] for row in rows])


def _cells(values: Values) -> list[str]:
    shape = f"{'×'.join(map(str, values.shape)) or 'number'} <span class=kind>{escape(values.dtype)}</span>"
    bad = f' <span class="bad">{values.nonfinite:,} not finite</span>' if values.nonfinite else ""
    if not values.bars:
        return [shape, bad, "", "", "", ""]
    return [
        shape,
        f"{_number(values.low)} .. {_number(values.high)}{bad}",
        _number(values.mean),
        _number(values.spread),
        f"{values.zeros:.0%}",
        histogram(values),
    ]


def _number(value: float) -> str:
    return f"{value:.4g}" if math.isfinite(value) else "NaN" if math.isnan(value) else "inf" if value > 0 else "-inf"


def _section(title: str, inner: str) -> str:
    return f"<h2>{escape(title)}</h2>{inner}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], anchors: Sequence[str] = ()) -> str:
    """Return a table of cells that are HTML already."""
    top = "".join(f"<th>{cell}</th>" for cell in head)
    lines = []
    for at, row in enumerate(rows):
        name = f' id="{anchors[at]}"' if anchors else ""
        lines.append(f"<tr{name}>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>")
    return f"<div class=scroll><table><thead><tr>{top}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
