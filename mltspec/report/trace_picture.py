"""Pictures of a trace, in SVG: the graph of layers coloured by trouble, and histograms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from mltspec.evidence.trace import LayerTrace, TraceEvidence, Values

WIDE, HIGH, GAP_X, GAP_Y = 210, 40, 24, 34
MOST_DRAWN = 400
"""Larger graphs are not drawn: nobody could read them."""
TONES: Mapping[str, str] = {
    "not finite": "bad", "all zero": "odd", "constant": "odd", "saturated": "odd", "": "good",
}  # fmt: skip


def graph(trace: TraceEvidence) -> str:
    """Draw layers from top to bottom, each below what feeds it; containers of layers are left out."""
    whole = {layer.within for layer in trace.layers}
    layers = [layer for layer in trace.layers if layer.path not in whole]
    if not layers or len(layers) > MOST_DRAWN:
        return ""
    names = [f"input {name}" for name, _ in trace.inputs]
    ranks = _ranks(names, layers)
    places = _places(ranks)
    width = max(x for x, _ in places.values()) + WIDE + 8
    height = max(y for _, y in places.values()) + HIGH + 8
    parts = [f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" class="graph">']
    parts += ["<title>layers, each below what feeds it</title>"]
    for layer in layers:
        parts += [_edge(places[source], places[layer.path]) for source in layer.fed_by if source in places]
    for name in names:
        parts.append(_node(places[name], name.removeprefix("input "), "input", "plain", ""))
    for layer in layers:
        unseen = layer.answered is None and layer.trained is None
        tone = "unseen" if unseen else TONES[layer.trouble]
        tone += " first" if trace.found is not None and trace.found.path == layer.path else ""
        parts.append(_node(places[layer.path], layer.path.rsplit("/", 1)[-1], layer.kind, tone, anchor(layer.path)))
    return "".join([*parts, "</svg>"])


def histogram(values: Values) -> str:
    """Draw the finite values of a tensor as bars; empty where there is none."""
    if not values.bars:
        return ""
    most = max(values.bars) or 1
    step = 120 / len(values.bars)
    bars = "".join(
        f'<rect x="{at * step:.1f}" y="{36 - 34 * count / most:.1f}" width="{step - 0.6:.1f}" '
        f'height="{34 * count / most:.1f}"/>'
        for at, count in enumerate(values.bars)
        if count
    )
    return f'<svg viewBox="0 0 120 36" width="120" height="36" class="bars" role="img">{bars}</svg>'


def anchor(path: str) -> str:
    """Return a name that a link may go to."""
    return "layer-" + "".join(char if char.isalnum() else f"-{ord(char):x}-" for char in path)


def _ranks(inputs: Sequence[str], layers: Sequence[LayerTrace]) -> dict[str, int]:
    """Return the row of each node: below everything that feeds it; what nothing feeds stands below its predecessor."""
    ranks = dict.fromkeys(inputs, 0)
    last = 0
    for layer in layers:
        known = [ranks[source] for source in layer.fed_by if source in ranks]
        last = max(known) + 1 if known else last + 1
        ranks[layer.path] = last
    return ranks


def _places(ranks: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    used: dict[int, int] = {}
    places = {}
    for name, rank in ranks.items():
        column = used.get(rank, 0)
        used[rank] = column + 1
        places[name] = (4 + column * (WIDE + GAP_X), 4 + rank * (HIGH + GAP_Y))
    return places


def _node(place: tuple[int, int], name: str, kind: str, tone: str, link: str) -> str:
    x, y = place
    box = (
        f'<g class="node {tone}"><title>{escape(name)} ({escape(kind)})</title>'
        f'<rect x="{x}" y="{y}" width="{WIDE}" height="{HIGH}" rx="6"/>'
        f'<text x="{x + 10}" y="{y + 17}">{escape(_short(name))}</text>'
        f'<text x="{x + 10}" y="{y + 32}" class="kind">{escape(_short(kind))}</text></g>'
    )
    return f'<a href="#{link}">{box}</a>' if link else box


def _short(text: str) -> str:
    return text if len(text) <= 28 else f"{text[:27]}…"


def _edge(start: tuple[int, int], end: tuple[int, int]) -> str:
    x1, y1, x2, y2 = start[0] + WIDE // 2, start[1] + HIGH, end[0] + WIDE // 2, end[1]
    bend = (y2 - y1) / 2
    return f'<path class="edge" d="M{x1} {y1} C{x1} {y1 + bend} {x2} {y2 - bend} {x2} {y2}"/>'
