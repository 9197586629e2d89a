"""A trace in a terminal and as a page: what is said, and that nothing a user wrote gets out of its place."""

import math
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from mltspec.evidence.trace import (
    BINS,
    Compared,
    Found,
    LayerTrace,
    SlotTrace,
    TraceEvidence,
    Values,
    WeightTrace,
)
from mltspec.report.paint import Paint
from mltspec.report.trace_page import page
from mltspec.report.trace_picture import graph, histogram
from mltspec.report.trace_text import lines, spark

EVIL = '<script>alert("x")</script>\x1b[31m&'


def values(low=0.0, high=1.0, bad=0, some=True):
    nothing = math.nan
    return Values(
        shape=(8, 3), dtype="float32", low=low if some else nothing, high=high if some else nothing,
        mean=0.5 if some else nothing, spread=0.1 if some else nothing, zeros=0.25, nonfinite=bad,
        bars=(3, *[0] * (BINS - 2), 21) if some else (),
    )  # fmt: skip


def layer(path, fed_by=(), within="", trouble="", answered=None, **more):
    plain = LayerTrace(
        path=path, kind="Dense", within=within, calls=1, fed_by=fed_by, answered=answered or values(), trained=None,
        saturated=None, trouble=trouble,
    )  # fmt: skip
    return plain.model_copy(update=more)


def trace(**more):
    plain = TraceEvidence(
        rows=8, trained_steps=40, columns=("x",), table=(("0.5",),), inputs=(("x", values()),),
        layers=(
            layer("model", kind="Functional"),
            layer("model/first", ("input x",), "model"),
            layer("model/last", ("model/first",), "model", saturated=0.5, calls=3),
        ),
        outputs=(values(),), losses=(0.25, math.nan),
        weights=(
            WeightTrace(path="model/last/kernel", value=values(), gradient=values(bad=2), ratio=0.001),
            WeightTrace(path="model/first/kernel", value=values(), gradient=None, ratio=0.0),
        ),
        slots=(SlotTrace(path="adam/iteration", what="iteration count", before=1, after=2),),
        compared=(
            Compared(where="predict", largest=1e-8),
            Compared(where="exported", largest=None, why="ValueError: no"),
        ),
        tolerance=1e-5, found=None, unseen=(), untaken="", state_left_as_found=True,
    )  # fmt: skip
    return plain.model_copy(update=more)


def text(seen, paint=None):
    return "\n".join(lines(seen, "delay", "history", paint or Paint()))


def test_a_trace_is_told_stage_by_stage():
    said = text(trace())
    assert said.startswith("8 rows of history through delay, after 40 training steps\n")
    assert re.search(r"^  first \(Dense\) +8×3 float32 +0 \.\. 1 +0\.5 +± 0\.1 +25%", said, re.M)
    assert "3 calls" in said
    assert "50% saturated" in said
    assert "loss       0.25, NaN" in said
    assert re.search(r"model/last/kernel.*2 not finite; update 0\.001", said)
    assert re.search(r"model/first/kernel +none", said)
    assert re.search(r"adam/iteration +iteration count +1 +-> +2", said)
    assert "exported   not asked: ValueError: no" in said
    assert said.endswith("no trouble: every tensor that matters is finite")


def test_the_first_trouble_stands_last():
    found = Found(
        stage="training", step=3, path="model/last", what="its output is not finite", operation="Log at m.py:3"
    )
    said = text(trace(found=found))
    assert said.splitlines()[-1] == (
        "first trouble: in the forward pass of training step 3, `model/last`: its output is not finite (first not "
        "finite: Log at m.py:3)"
    )


def test_what_could_not_be_done_is_told():
    said = text(trace(untaken="the data has no labels", unseen=("`scan`: it runs inside a compiled function",)))
    assert "no training step: the data has no labels" in said
    assert "not seen   `scan`: it runs inside a compiled function" in said


def test_a_tensor_without_a_finite_value_has_no_figures():
    broken = layer("model/bad", trouble="not finite", answered=values(bad=24, some=False))
    said = text(trace(layers=(broken,)))
    assert re.search(r"bad \(Dense\) +8×3 float32 +not finite", said)
    assert "24 not finite" in page(trace(layers=(broken,)), "m", "d")


@pytest.mark.parametrize("bars", [(0,) * BINS, (5,) * BINS, (1, *[0] * (BINS - 1))])
def test_a_spark_is_as_wide_as_any_other(bars):
    assert len(spark(bars)) == 12
    assert spark((1, *[0] * (BINS - 1)))[0] == "█"


class Reader(HTMLParser):
    """Counts what a browser would see."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.links, self.ids = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        self.tags.append(tag)
        self.ids += [named["id"]] if "id" in named else []
        self.links += [named["href"]] if "href" in named else []
        assert not [name for name in named if name.startswith("on") or name == "src"]


def test_whatever_a_user_wrote_stays_text():
    evil = trace(
        inputs=((EVIL, values()),), columns=(EVIL,), table=((EVIL,),),
        layers=(layer(EVIL, (f"input {EVIL}",), kind=EVIL),),
        weights=(WeightTrace(path=EVIL, value=values(), gradient=values(), ratio=1.0),),
        compared=(Compared(where="predict", largest=None, why=EVIL),), unseen=(EVIL,), untaken="",
        found=Found(stage="loss", step=1, path=EVIL, what=EVIL, operation=EVIL),
    )  # fmt: skip
    html = page(evil, EVIL, EVIL)
    assert "script" not in Reader(html).tags
    assert "alert(&quot;x&quot;)" in html
    said = text(evil.model_copy(update={"found": evil.found}), Paint())
    assert "\x1b" not in said


def test_the_page_needs_nothing_from_elsewhere():
    read = Reader(page(trace(), "delay", "history"))
    assert {"svg", "table", "style"} <= set(read.tags)
    assert all(link.startswith("#") for link in read.links)
    assert {link[1:] for link in read.links} <= set(read.ids)
    assert "//" not in page(trace(), "delay", "history").replace("</", "")


def test_the_graph_is_drawn_below_what_feeds_it_and_coloured_by_trouble():
    found = Found(stage="prediction", step=0, path="model/last", what="")
    broken = layer("model/last", ("model/first",), "model", trouble="not finite")
    seen = trace(layers=(layer("model"), layer("model/first", ("input x",), "model"), broken), found=found)
    root = ElementTree.fromstring(graph(seen))
    nodes = {node.find("title").text: node for node in root.iter("g")}
    assert set(nodes) == {"x (input)", "first (Dense)", "last (Dense)"}  # the model itself is no layer of the graph
    tops = {name: float(node.find("rect").get("y")) for name, node in nodes.items()}
    assert tops["x (input)"] < tops["first (Dense)"] < tops["last (Dense)"]
    assert nodes["last (Dense)"].get("class") == "node bad first"
    assert nodes["first (Dense)"].get("class") == "node good"
    assert len(list(root.iter("path"))) == 2


def test_a_graph_too_large_to_read_is_not_drawn():
    assert graph(trace(layers=tuple(layer(f"l{at}") for at in range(401)))) == ""
    assert graph(trace(layers=())) == ""


def test_a_histogram_has_a_bar_for_each_part_that_holds_values():
    assert len(list(ElementTree.fromstring(histogram(values())).iter("rect"))) == 2
    assert histogram(values(some=False)) == ""
