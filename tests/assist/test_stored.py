"""The value of a stored baseline is shown where a claim is compared with it."""

from mltspec.assist.desk import Desk
from mltspec.assist.stored import baseline_values
from mltspec.baselines.folder import Baselines
from mltspec.evidence.kind import Blob
from mltspec.evidence.stored import Holding, Version
from mltspec.language.source import Span

SPEC = """edition 2026
model m { build python "a:b" }
data rows = python "a:c"
baseline prod = store "kept"
baseline seeded = run seed 1
suite "s" for m on rows {
  expect auc on rows >= prod - 1pp
  expect mse on rows >= prod
  expect auc >= seeded - 1pp id other
}
"""


def keep(home, value):
    blob = Blob(digest="0" * 64, size_bytes=0)
    holding = Holding(
        data="rows", metric="auc", value=value, rows=1200, higher_is_better=True, rows_digest="0", settings="",
        share=True, scores=blob,
    )  # fmt: skip
    version = Version(
        name="kept", number=0, content=str(value), saved="2026-11-24", origin="run", note="", model="m", seed=1,
        form="state", artifact=blob, code="0", environment={}, holdings=(holding,),
    )  # fmt: skip
    Baselines(home / "baselines").add(version)


def test_the_latest_value_stands_behind_the_name(tmp_path):
    desk, path = Desk(), tmp_path / "a.mlt"
    desk.put(path, SPEC)
    everywhere = Span(0, len(SPEC))
    assert list(baseline_values(desk.page(path), everywhere)) == []
    keep(tmp_path, 0.94123)
    keep(tmp_path, 0.95)
    (value,) = baseline_values(desk.page(path), everywhere)
    assert SPEC[: value.offset].endswith("auc on rows >= prod")
    assert value.text == "= 0.95"
    assert value.origin == "version 2 of kept, 1,200 rows, saved 2026-11-24"
    assert list(baseline_values(desk.page(path), Span(0, 5))) == []


def test_a_damaged_baseline_shows_nothing(tmp_path):
    desk, path = Desk(), tmp_path / "a.mlt"
    desk.put(path, SPEC)
    keep(tmp_path, 0.9)
    (tmp_path / "baselines/kept/1.json").write_text("{")
    assert list(baseline_values(desk.page(path), Span(0, len(SPEC)))) == []
