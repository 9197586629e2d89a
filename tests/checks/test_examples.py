"""Every check's examples are true: the line compiles to the check, the evidence is judged so, the sentence is said."""

import math

import pytest

from mltspec.checks.check import AnyCheck, Example
from mltspec.checks.registry import BY_NAME, ENTRIES, KINDS, all_checks, check_named
from mltspec.checks.wording import plural
from mltspec.compile.expectations import understand
from mltspec.compile.names import Baseline, Declared, Names
from mltspec.compile.planning import params_of
from mltspec.language.parse import parse
from mltspec.language.source import Source, Span
from mltspec.language.tree import Expect
from mltspec.plan.subject import Data, Origin, Pipeline, Server

NOWHERE = Span(0, 0)
NAMES = Names(
    {
        "holdout": Declared("data", NOWHERE, lambda: Data(name="holdout", origin=Origin(kind="python", target="m:f"))),
        "staging": Declared("server", NOWHERE, lambda: Server(name="staging", system="local")),
        "nightly": Declared(
            "pipeline", NOWHERE, lambda: Pipeline(name="nightly", stages=()), stages=("source", "features", "train")
        ),
        "prod": Declared("baseline", NOWHERE, lambda: Baseline(seed=1)),
    }
)
EXAMPLES = [(check, example) for check in all_checks() for example in check.examples()]


def claim_of(line: str, in_batch: bool):
    parsed = parse(Source("example.mlt", f"edition 2026\n{line}\n"))
    assert not parsed.diagnostics
    (statement,) = [s for s in parsed.spec.statements if isinstance(s, Expect)]
    return understand(statement, NAMES, in_batch)


@pytest.mark.parametrize(("check", "example"), EXAMPLES, ids=lambda value: getattr(value, "line", None))
def test_example(check: AnyCheck, example: Example):
    claim = claim_of(example.line, check.in_batch)
    assert claim.words.name == check.name
    judgement = check.judge(params_of(claim, NOWHERE), example.evidence)
    assert judgement.verdict == example.verdict
    assert example.says in judgement.explanation


@pytest.mark.parametrize("check", [c for c in all_checks() if c.kinds], ids=lambda check: check.name)
def test_each_check_has_an_example_in_which_it_passes_and_one_in_which_it_fails(check: AnyCheck):
    assert {"passed", "failed"} <= {example.verdict.value for example in check.examples()}


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.name)
def test_documentation(check: AnyCheck):
    module = __import__(check.examples.__module__, fromlist=["__doc__"])
    assert "Source:" in module.__doc__
    assert "expect " in module.__doc__
    assert check.summary.endswith(".")


def test_registry_holds_every_kind_once():
    assert len(BY_NAME) == len(all_checks())
    assert all(name == kind.name == kind.ask.kind for name, kind in KINDS.items())


def test_nothing_that_is_not_a_number_passes():
    claim = claim_of("expect accuracy on holdout >= 0.9", False)
    seen = check_named(claim.words.name).examples()[0].evidence[0].model_copy(update={"value": math.nan})
    assert check_named(claim.words.name).judge(params_of(claim, NOWHERE), (seen,)).verdict == "failed"


@pytest.mark.parametrize("end", [math.nan, math.inf])
def test_a_loss_that_is_not_finite_is_told_with_its_cause(end: float):
    claim = claim_of("expect loss decreases", False)
    run = check_named(claim.words.name).examples()[0].evidence[0]
    points = tuple(point.model_copy(update={"loss": end}) if point.step > 20 else point for point in run.points)
    judgement = check_named(claim.words.name).judge(
        params_of(claim, NOWHERE), (run.model_copy(update={"points": points}),)
    )
    assert judgement.verdict == "failed"
    assert "learning rate is too high" in judgement.explanation
    blamed = run.model_copy(update={"points": points, "bad_data": "feature `age` is NaN in row 5"})
    assert (
        "feature `age` is NaN in row 5"
        in check_named(claim.words.name).judge(params_of(claim, NOWHERE), (blamed,)).explanation
    )


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_the_table_says_what_the_module_says(entry):
    check = check_named(entry.name)
    assert (check.name, check.phrase) == (entry.name, entry.phrase)
    assert check.examples.__module__ == f"mltspec.checks.{entry.module}"


@pytest.mark.parametrize(
    ("count", "noun", "words"), [(1, "batch", "1 batch"), (2, "batch", "2 batches"), (3, "epoch", "3 epochs")]
)
def test_plurals(count: int, noun: str, words: str):
    assert plural(count, noun) == words


DEPICTED = {
    "training-reproducible",
    "loss-decreases",
    "gradients-reach",
    "metric-holds",
    "not-worse-than-baseline",
    "beats-simple-baseline",
    "activations-alive",
}
"""Checks of which at least one example has something to show."""


@pytest.mark.parametrize(("check", "example"), EXAMPLES, ids=lambda value: getattr(value, "line", None))
def test_pictures_of_an_example_can_be_made_and_travel(check: AnyCheck, example: Example):
    claim = claim_of(example.line, check.in_batch)
    if not example.evidence:
        return
    for picture in check.depict(params_of(claim, NOWHERE), example.evidence):
        again = type(picture).from_json(picture.to_json())
        assert again.to_json() == picture.to_json()
        assert picture.title


@pytest.mark.parametrize("name", sorted(DEPICTED))
def test_a_check_shows_what_it_judged(name: str):
    check = check_named(name)
    claims = [(params_of(claim_of(each.line, check.in_batch), NOWHERE), each.evidence) for each in check.examples()]
    assert any(check.depict(params, evidence) for params, evidence in claims)
