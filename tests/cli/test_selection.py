from itertools import chain

import click
import pytest
from conftest import IDS

from mltspec.cli.chosen import chosen
from mltspec.cli.selection import Selection, read_shard, select, trimmed
from mltspec.cli.specs import compiled
from mltspec.cli.tags import BadTags, parse_tags
from mltspec.cli.targets import files_of, read_targets

FILE = "specs/digits.mlt"


def ids(*paths, tag=None, text=None, profile=None):
    return [each.id for each in chosen(paths, tag, text, profile, None).expectations]


def selected(last=None, **asked):
    targets = tuple(read_targets(()))
    plan = compiled(files_of(targets)).plan
    return [each.id for each in select(Selection(targets, **asked), plan, last or {})]


@pytest.mark.parametrize("path", ["specs", ".", FILE, f"./{FILE}", f"{FILE}::training"])
def test_a_whole_spec_or_suite(here, path):
    assert ids(path) == (IDS[:2] if "::" in path else IDS)


def test_a_path_twice_is_one(here):
    assert ids(FILE, "specs") == IDS


def test_nothing_given_is_specs_else_here(here, monkeypatch):
    (here / "other.mlt").write_text("edition 2026\n")
    assert ids() == IDS
    monkeypatch.chdir(here / "specs")
    assert ids() == IDS


@pytest.mark.parametrize(
    "line, expected",
    [
        ("11", IDS[:1]),
        ("11:3", IDS[:1]),
        ("13", IDS[1:2]),
        ("10", IDS[:2]),
        ("17", IDS[2:3]),
        ("18", IDS[2:3]),
        ("20", IDS[3:]),
        ("21", IDS[3:]),
    ],
)
def test_a_line_stands_for_the_smallest_statement_around_it(here, line, expected):
    assert ids(f"{FILE}:{line}") == expected


@pytest.mark.parametrize("line", ["1", "2", "9", "999"])
def test_a_line_without_expectations_is_a_usage_error(here, line):
    with pytest.raises(click.UsageError, match=f"no expectation on line {line}; the nearest is on line"):
        ids(f"{FILE}:{line}")


@pytest.mark.parametrize("name", [*IDS, "quality/loss", "training"])
def test_an_id(here, name):
    assert ids(f"{FILE}::{name}") == [each for each in IDS if each.startswith(name)]


def test_an_unknown_id_offers_near_ones(here):
    with pytest.raises(click.UsageError, match="did you mean `training/loss-decreases`"):
        ids(f"{FILE}::training/loss-decrease")
    with pytest.raises(click.UsageError, match="`mltspec list` shows all ids"):
        ids(f"{FILE}::xyzzy")


def test_equal_ids_of_two_specs_are_both_reachable(here):
    (here / "specs" / "two.mlt").write_text((here / FILE).read_text())
    assert len(ids("specs")) == 10
    assert ids("specs/two.mlt::two:training/loss-decreases") == ["training/loss-decreases"]
    assert ids(FILE, "specs/two.mlt::training/loss-decreases")[-1] == "two:training/loss-decreases"


def test_a_path_with_a_colon_that_exists_is_a_path(here):
    (here / "a:11").write_text((here / FILE).read_text())
    assert ids("a:11") == IDS


def test_tags(here):
    assert ids(tag="commit") == IDS[:2]
    assert ids(tag="commit and not slow") == IDS[:1]
    assert ids(tag="not commit or slow") == IDS[1:]


def test_an_unknown_tag_is_a_usage_error(here):
    with pytest.raises(click.UsageError, match="did you mean `commit`"):
        ids(tag="comit")


def test_text_is_looked_for_in_ids_and_lines(here):
    assert ids(text="GRADIENTS") == IDS[1:2]
    assert ids(text="<= 0.5") == IDS[3:]
    assert ids(text="nowhere") == []


def test_a_profile_chooses_too(here):
    assert ids(profile="quick") == IDS[:2]
    with pytest.raises(click.UsageError, match="did you mean `quick`"):
        ids(profile="quik")


def test_what_did_not_hold_last_time(here):
    last = {IDS[0]: "passed", IDS[1]: "failed", IDS[2]: "inconclusive", IDS[3]: "timed out", "gone": "failed"}
    assert selected(last, last_failed=True) == IDS[1:4]
    assert selected(last, failed_first=True) == [*IDS[1:4], IDS[0], IDS[4]]
    assert selected({IDS[0]: "passed"}, last_failed=True) == IDS


@pytest.mark.parametrize("count", [1, 2, 3, 5, 9])
def test_shards_are_all_and_no_two_share(here, count):
    parts = [selected(shard=(number, count)) for number in range(1, count + 1)]
    assert list(chain.from_iterable(parts)) == IDS
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


def test_selections_compose(here):
    last = {IDS[1]: "failed"}
    assert selected(last, tags="commit", failed_first=True, shard=(1, 1)) == [IDS[1], IDS[0]]
    assert selected(last, tags="commit", text="loss", last_failed=True) == IDS[:1]
    assert selected(tags="not commit", shard=(2, 3)) == IDS[3:4]


def test_evidence_that_nobody_needs_is_dropped(here):
    plan = compiled(files_of(read_targets(()))).plan
    small = trimmed(plan, plan.expectations[1:2], limit_s=5.0)
    assert {each.id for each in small.requests} == set(plan.expectations[1].needs)
    assert all(each.limit_s == 5.0 for each in small.requests)
    whole = trimmed(plan, plan.expectations[::-1])
    assert {each.id for each in whole.requests} == {each.id for each in plan.requests}
    seen = set()
    for request in whole.requests:
        assert set(request.needs) <= seen
        seen.add(request.id)


@pytest.mark.parametrize("text", ["0/2", "3/2", "1", "a/b", "1/0", "-1/2"])
def test_shards_that_make_no_sense(text):
    with pytest.raises(click.UsageError, match="write I/N"):
        read_shard(text)


@pytest.mark.parametrize(
    "text, tags, holds",
    [
        ("a", "a", True),
        ("a and b", "a", False),
        ("a or b and c", "a", True),
        ("(a or b) and c", "a", False),
        ("not a or b", "b", True),
        ("not (a or b)", "c", True),
        ("not not a", "a", True),
        ("(a)and(b)", "ab", True),
    ],
)
def test_tag_expressions(text, tags, holds):
    assert parse_tags(text).holds(set(tags)) is holds


@pytest.mark.parametrize(
    "text", ["", "and", "a and", "a b", "(a", "a)", "not", "()", "a or or b", "(" * 5000, "not " * 5000]
)
def test_tag_expressions_that_make_no_sense(text):
    with pytest.raises(BadTags):
        parse_tags(text)
