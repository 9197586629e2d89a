"""Runs in every form: valid, complete, and nothing that a user typed gets the upper hand."""

import json
import re
from html.parser import HTMLParser

import pytest
from fluidattacks_core.sarif import SarifLog as Sarif
from story import HOSTILE, ended, everything, judged, started, told

from mltspec.plan.picture import Bar, Bars, Bound, Curves, Line, Moment, Table
from mltspec.plan.verdict import Verdict
from mltspec.report.account import Account
from mltspec.report.forms import FORMS, written
from mltspec.report.json_report import read, report
from mltspec.report.merging import Overlap, merged

PICTURES = (
    Curves(
        title=HOSTILE,
        x="step",
        y="loss",
        lines=(Line(name="</script><b>", x=(0, 1, 2), y=(1.0, float("nan"), 0.2)),),
        moments=(Moment(at=1, text=HOSTILE),),
        bound=Bound(value=0.5, text="<= 0.5"),
    ),
    Bars(
        title="auc by carrier", value="auc", bars=(Bar(name="<img src=x>", value=0.7, low=0.6, high=0.8, held=False),)
    ),
    Table(title="batch", head=("x",), rows=(("1e38</td><script>alert(1)</script>",),), marked=((0, 0),)),
)


def story():
    return report(told(*everything()))


def hostile():
    one = judged(Verdict.FAILED, f"s/{HOSTILE}", HOSTILE, details=(HOSTILE, "</pre><script>alert(1)</script>"))
    return report(told(started(1), one.model_copy(update={"pictures": PICTURES}), ended()))


class Elements(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.scripts, self.attributes, self.images, self.marked = 0, [], 0, 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.scripts += tag == "script"
        self.images += tag == "img"
        self.marked += ("class", "marked") in attrs
        self.attributes += attrs


@pytest.mark.parametrize("form", FORMS)
def test_each_form_tells_each_run(form):
    for run in (story(), hostile(), report(Account()), report(told(started(2), ended(interrupted=True)))):
        assert written(run, form) is not None


def test_a_page_says_all_of_a_run():
    text = written(story(), "html")
    for part in (
        "Not ready: an expectation failed",
        "tests/report/delay.mlt:6",
        "the labels may not belong to their rows",
        "&gt;= 20%",
        "4.1%",
        "epoch 2: 0.68",
        "What was not checked",
        "Rollback is quick and safe: no expectation of this kind was selected",
        "mltspec run &#39;tests/report/delay.mlt::training/loss&#39; --seed 7",
        "training team",
    ):
        assert part in text, part


def test_a_page_needs_nothing_but_itself():
    text = written(hostile(), "html")
    fetched = [value for name, value in Elements(text).attributes if name in ("src", "href")]
    assert all(value.startswith(("#", "data:")) for value in fetched)
    assert "default-src &#39;none&#39;" in text


def test_nothing_typed_becomes_a_part_of_the_page():
    seen = Elements(written(hostile(), "html"))
    assert seen.scripts == 3
    assert seen.images == 0
    assert seen.marked == 1
    assert not [name for name, _ in seen.attributes if name.startswith("on")]
    for control in "\x1b\x07\u202e\x00":
        assert control not in written(hostile(), "html")


def test_pictures_arrive_whole():
    text = written(hostile(), "html")
    data = re.search(r'id="pictures">(.*?)</script>', text, re.DOTALL)[1]
    curves, bars = json.loads(data)
    assert curves["lines"][0]["name"] == "</script><b>"
    assert curves["lines"][0]["y"] == [1.0, "NaN", 0.2]
    assert bars["bars"][0]["name"] == "<img src=x>"


def test_a_page_stays_small():
    assert len(written(hostile(), "html")) < 300_000


def test_sarif_points_at_the_lines_that_did_not_hold():
    log = json.loads(written(story(), "sarif"))
    Sarif.model_validate(log)
    (run,) = log["runs"]
    assert len(run["results"]) == 8
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "tests/report/delay.mlt"
    assert place["region"]["startLine"] == 6
    levels = {each["message"]["text"].split()[0]: each["level"] for each in run["results"]}
    assert (levels["training/loss"], levels["quality/hint"]) == ("error", "warning")


def test_annotations_keep_to_one_line_each():
    text = written(hostile(), "github")
    assert text.count("\n") == 1
    assert text.startswith("::error ")
    assert len(written(story(), "github").splitlines()) == 8


def test_code_quality_has_unique_fingerprints():
    issues = json.loads(written(story(), "gitlab"))
    assert len({each["fingerprint"] for each in issues}) == len(issues) == 8


def test_tap_counts_what_it_promises():
    lines = written(story(), "tap").splitlines()
    results = [line for line in lines if re.match(r"(not )?ok \d+ - ", line)]
    assert lines[1] == f"1..{len(results)}" == "1..11"
    assert sum(line.startswith("not ok") and "# TODO" not in line for line in results) == 6
    assert any(line.startswith("ok") and "# SKIP" in line for line in results)
    assert "\x1b" not in written(hostile(), "tap")


def test_markdown_shows_markup_as_it_was_typed():
    text = written(hostile(), "markdown")
    assert "<script" not in text.split("```")[0]
    assert r"\[31m" in text
    assert "\u202e" not in text
    assert "❌ training/loss" in written(story(), "markdown").replace("\\", "")


def test_a_report_is_read_back_as_it_was_written():
    for run in (story(), hostile()):
        text = written(run, "json")
        assert written(read(text), "json") == text
    assert written(read(written(story(), "json")), "html") == written(story(), "html")
    with pytest.raises(ValueError, match="not a JSON report"):
        read("{}")


def part(*events):
    return report(told(started(len(events)), *events, ended()))


def test_parts_of_a_run_are_one_run():
    one, two = part(judged(Verdict.PASSED, "a/x")), part(judged(Verdict.FAILED, "a/y"), judged(Verdict.ERROR, "a/z"))
    whole = merged([one, two])
    assert (whole.verdict, whole.shards) == ("failed", 2)
    assert whole.counts == {"failed": 1, "passed": 1, "error": 1}
    assert [each.id for each in whole.expectations] == ["a/x", "a/y", "a/z"]


def test_a_part_of_which_nothing_was_selected_takes_nothing_away():
    assert merged([report(Account()), part(judged(Verdict.PASSED, "a/x"))]).verdict == "passed"


def test_runs_that_contradict_each_other_are_not_merged():
    with pytest.raises(Overlap, match="a/x"):
        merged([part(judged(Verdict.PASSED, "a/x")), part(judged(Verdict.FAILED, "a/x"))])
