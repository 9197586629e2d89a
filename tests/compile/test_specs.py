"""Specs to plans: what is understood, what is refused and where, and what is shared."""

from pathlib import Path

import pytest

from mltspec.checks.registry import KINDS, all_checks
from mltspec.compile.specs import Compiled, NoSuchProfile, compile_specs

HEAD = """edition 2026
model delay { build python "flights.model:build" }
data history = python "flights.data:training"
data holdout = python "flights.data:holdout"
baseline prod = run seed 1
let drop = 0.5pp
"""
IN_SUITE = HEAD + 'suite "s" for delay on history {\n%s\n}\n'


@pytest.fixture
def compiled(tmp_path: Path):
    def from_text(text: str, **options) -> Compiled:
        spec = tmp_path / "spec.mlt"
        spec.write_text(text)
        return compile_specs([spec], **options)

    return from_text


def found(compiled: Compiled) -> list[str]:
    return [diagnostic.name for diagnostic in compiled.diagnostics]


@pytest.mark.parametrize(
    ("line", "name", "words", "at"),
    [
        (
            "expect loss decreases by >= 20 epochs",
            "dimension-mismatch",
            "`by` takes a ratio, but 20 epochs",
            "20 epochs",
        ),
        ("expect rollback < 5%", "dimension-mismatch", "rollback is a time, but 5% is a ratio", "5%"),
        ("expect loss decreases within 3", "bound-without-unit", "3 has no unit", "3"),
        ("expect loss decreases by 20%", "unexpected-item", "`>=` is due", "20%"),
        ("expect lose decreases", "unknown-expectation", "no kind of expectation", "lose decreases"),
        ("expect accuracy on hold >= 0.9", "unknown-name", "no data called `hold`", "hold"),
        ("expect accuracy >= prd - 1pp", "unknown-name", "no baseline called `prd`", "prd"),
        ("expect accuracy >= prod - 0.5%", "ambiguous-margin", "0.5 percentage points", "0.5%"),
        ("expect accuracy >= prod - drp", "unknown-name", "no `let` defines `drp`", "drp"),
        ("expect accuracy >= 0.9 sverity warn", "unknown-clause", "no clause that begins with `sverity`", "sverity"),
        ("expect accuracy >= 0.9 on holdout on history", "clause-twice", "`on` stands twice", "on"),
        ("expect rollback on holdout", "unknown-name", "no server called `holdout`", "holdout"),
        ("expect rollback", "missing-clause", "`rollback` needs", "rollback"),
        ("expect outputs finite", "claim-about-batches", "claim about any batch", "outputs finite"),
        (
            "for any batch of 1..4 rows {\nexpect loss decreases\n}",
            "not-about-batches",
            "no claim about",
            "loss decreases",
        ),
        (
            "for any batch from history from schema {\nexpect outputs finite\n}",
            "clause-twice",
            "from data or from",
            "any",
        ),
        ("for any batch of 4..1 rows {\nexpect outputs finite\n}", "empty-range", "no batch has 4..1 rows", "rows"),
        ("for any batch of 1..4 {\nexpect outputs finite\n}", "bound-without-unit", "range of rows", "4"),
        ("for each x in [] {\nexpect loss decreases\n}", "empty-loop", "expects nothing", "[]"),
        ("expect loss decreases in >= 6 of 5 seeds", "impossible-claim", "6 of 5 seeds", "loss"),
        ("expect restore after crash is close", "impossible-claim", "needs a tolerance", "restore"),
        ("expect one batch overfits { x <= 1 }", "unexpected-block", "takes no block", "x <= 1"),
        ('expect loss decreases skip because "x" until 2026-13-01', "no-such-date", "is no date", "2026-13-01"),
        ("expect loss decreases\nexpect loss decreases", "duplicate-id", "`s/loss-decreases`", "expect"),
        ("for each x in [1, 1] {\nexpect auc >= 0.5\n}", "duplicate-id", "`s/auc[x=1]`", "expect"),
    ],
)
def test_a_mistake_is_one_finding_at_its_place(compiled, line, name, words, at):
    result = compiled(IN_SUITE % line)
    (finding,) = result.diagnostics
    assert finding.name == name
    assert words in finding.message
    assert at in finding.source.slice(finding.primary.span)


def test_did_you_mean_offers_only_what_is_valid_there(compiled):
    (finding,) = compiled(IN_SUITE % "expect accuracy on histry >= 0.9").diagnostics
    assert [fix.title for fix in finding.fixes] == ["write `history`"]
    (finding,) = compiled(IN_SUITE % "expect accuracy on zzzz >= 0.9").diagnostics
    assert finding.fixes == ()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("edition 2026\nexpect loss decreases\n", "no-model"),
        ('edition 2026\nmodel m { build python "m:f" }\nexpect loss decreases\n', "no-training-data"),
        ('edition 2026\nmodel m { build pyton "m:f" }\n', "unknown-source"),
        ('edition 2026\nmodel m { build python "m.f" }\n', "malformed-target"),
        ('edition 2026\nmodel m { build python "m:f"\ntrain command "make {workdir}" }\n', "malformed-command"),
        ('edition 2026\nmodel m { build python "m:f"\ntrain command "python a.py" }\n', "malformed-command"),
        ('edition 2026\nmodel m { build python "m:f"\ntrain command "python {workdir}" }\n', "malformed-command"),
        (
            'edition 2026\nmodel m { build python "m:f"\ntrain command "python a.py {work} {workdir}" }\n',
            "malformed-command",
        ),
        ('edition 2026\nmodel m { train python "m:f" }\n', "missing-clause"),
        ('edition 2026\ndata m = python "m:f"\ndata m = python "m:g"\n', "declared-twice"),
        ("edition 2026\nlet a = 1\nlet a = 2\n", "shadowed-name"),
        ('edition 2026\nuse "missing"\n', "no-such-file"),
        ('edition 2026\nuse "std/trainin"\n', "no-such-file"),
        ('edition 2026\nuse "/etc/passwd"\n', "path-outside-root"),
        ('edition 2026\nuse "../../../../etc/hosts"\n', "path-outside-root"),
        ('edition 2026\nuse "spec.mlt"\n', "import-cycle"),
    ],
)
def test_a_file_without_footing(compiled, text, name):
    assert found(compiled(text)) == [name]


def test_a_faulty_declaration_is_told_once_and_poisons_silently(compiled):
    text = 'edition 2026\nmodel m { build pyton "m:f" }\ndata d = python "m:d"\nexpect loss decreases\n'
    assert found(compiled(text)) == ["unknown-source"]


def test_a_circle_of_uses_is_shown_as_a_chain(tmp_path):
    (tmp_path / "a.mlt").write_text('edition 2026\nuse "b"\n')
    (tmp_path / "b.mlt").write_text('edition 2026\nuse "a"\n')
    (finding,) = compile_specs([tmp_path / "a.mlt"]).diagnostics
    assert "a.mlt -> b.mlt -> a.mlt" in finding.message


def test_links_that_lead_nowhere_and_folders_have_messages_of_their_own(tmp_path):
    (tmp_path / "loop.mlt").symlink_to(tmp_path / "loop.mlt")
    (tmp_path / "folder").mkdir()
    (tmp_path / "binary.mlt").write_bytes(b"\x7fELF\0\0")
    for name, fault in (("loop", "no-such-file"), ("folder", "not-a-spec")):
        (tmp_path / "a.mlt").write_text(f'edition 2026\nuse "{name}"\n')
        assert found(compile_specs([tmp_path / "a.mlt"]))[0] in (fault, "unreadable-file")
    assert found(compile_specs([tmp_path / "binary.mlt"])) == ["not-a-spec"]
    assert found(compile_specs([tmp_path / "folder"])) == ["not-a-spec"]
    assert found(compile_specs([tmp_path / "gone.mlt"])) == ["no-such-file"]


def test_the_bare_forms_are_understood(compiled):
    result = compiled(
        'model m { build python "m:build" }\ndata d = python "m:data"\n'
        "expect loss decreases\nexpect restore after crash\nexpect quality >= prod\nexpect rollback < 5 seconds\n"
        "expect training reproducible\n"
    )
    assert found(result) == ["missing-edition"]
    assert result.sound
    obstacles = {e.id: e.obstacle for e in result.plan.expectations}
    assert list(obstacles) == [
        "spec/loss-decreases", "spec/restore-after-crash", "spec/quality-prod", "spec/rollback-quick",
        "spec/training-reproducible",
    ]  # fmt: skip
    assert "no such baseline yet" in obstacles["spec/quality-prod"]
    assert obstacles["spec/rollback-quick"] == obstacles["spec/loss-decreases"] == ""


def test_a_server_that_is_not_marked_for_drills_is_never_disturbed(compiled):
    spec = (
        'edition 2026\nmodel m { build python "m:build" }\ndata d = python "m:data"\n'
        'server live = tensorflow_serving "127.0.0.1:8501" { MARK }\nexpect rollback < 5s\n'
    )
    (barred,) = compiled(spec.replace("MARK", "model delay")).plan.expectations
    assert "not marked for drills" in barred.obstacle
    assert barred.needs == ()
    (allowed,) = compiled(spec.replace("MARK", "drill allowed")).plan.expectations
    assert allowed.obstacle == ""
    assert len(allowed.needs) == 1


def test_of_several_servers_one_must_be_named(compiled):
    result = compiled(
        'edition 2026\nmodel m { build python "m:build" }\ndata d = python "m:data"\n'
        "server one = local\nserver two = local\nexpect rollback < 5s\nexpect rollback on two < 5s\n"
    )
    unnamed, named = result.plan.expectations
    assert "say which, `rollback on one`" in unnamed.obstacle
    assert (named.id, named.obstacle) == ("spec/rollback-quick-on-two", "")


def test_equal_training_is_asked_for_once(compiled):
    lines = "expect training reproducible\nexpect restore after crash\nexpect auc >= 0.5\nexpect loss decreases"
    plan = compiled(IN_SUITE % lines).plan
    runs = [r for r in plan.requests if r.kind == "training run"]
    assert len(runs) == 2
    assert len({r.id for r in plan.requests}) == len(plan.requests)
    places = {r.id: i for i, r in enumerate(plan.requests)}
    assert all(places[need] < places[r.id] for r in plan.requests for need in r.needs)


def test_a_changed_bound_changes_neither_id_nor_evidence(compiled):
    first = compiled(IN_SUITE % "expect auc on holdout >= 0.80").plan
    second = compiled(IN_SUITE % "expect auc on holdout >= 80.5%").plan
    assert first.requests == second.requests
    assert first.expectations[0].id == second.expectations[0].id == "s/auc-on-holdout"
    assert first.expectations[0].params != second.expectations[0].params


def test_every_default_is_filled_in_and_shown(compiled):
    (expectation,) = compiled(IN_SUITE % "expect one batch overfits").plan.expectations
    assert expectation.defaults == ("of 32 rows",)
    check = next(check for check in all_checks() if check.name == expectation.check)
    assert check.params.model_validate(expectation.params).rows.count == 32


def test_plan_survives_the_wire(compiled):
    plan = compiled(IN_SUITE % "expect auc on holdout >= 0.80").plan
    assert type(plan).from_json(plan.to_json()) == plan
    for request in plan.requests:
        assert KINDS[request.kind].ask.model_validate(request.ask).identity()


def test_loops_unroll_to_stable_names(compiled):
    plan = compiled(IN_SUITE % "for each m in [auc, accuracy] {\nexpect m on holdout >= 0.5\n}").plan
    assert [e.id for e in plan.expectations] == ["s/auc-on-holdout[m=auc]", "s/accuracy-on-holdout[m=accuracy]"]


def test_marks_are_inherited_and_added_to(compiled):
    text = HEAD + (
        'suite "s" for delay on history tags [commit] {\n'
        'expect loss decreases tags [slow] severity warn owner "team" dry run\n'
        'expect one batch overfits xfail because "known" until 2027-01-31\n}\n'
    )
    first, second = compiled(text).plan.expectations
    assert first.marks.tags == ("commit", "slow")
    assert (first.marks.severity, first.marks.owner, first.marks.dry_run) == ("warn", "team", True)
    assert second.marks.xfail is not None
    assert second.marks.xfail.until == "2027-01-31"


def test_profiles_set_seed_budget_and_tags(compiled):
    text = HEAD + (
        "profile release { seed 11\n examples 50\n confidence 99%\n runs tags [release] }\n"
        'suite "s" for delay on history {\nexpect loss decreases tags [release]\nexpect auc >= 0.5\n}\n'
    )
    plan = compiled(text, profile="release").plan
    assert [e.id for e in plan.expectations] == ["s/loss-decreases"]
    assert plan.expectations[0].seed == 11
    assert compiled(text, profile="release", seed=3).plan.expectations[0].seed == 3
    with pytest.raises(NoSuchProfile, match="did you mean `release`"):
        compiled(text, profile="relaese")


def test_blocks_may_stand_on_one_line(compiled):
    line = "expect training reproducible { predictions within 1e-6  auc by carrier within 1pp }"
    result = compiled(IN_SUITE % line)
    assert not result.diagnostics
    (expectation,) = result.plan.expectations
    assert [t["of"] for t in expectation.params["tolerances"]] == ["predictions", "auc"]
    assert expectation.params["tolerances"][1]["by"] == ["carrier"]


def test_a_pack_runs_for_whoever_uses_it(compiled):
    result = compiled(HEAD + 'use "std/training" as std\nsuite "s" for delay on history {\nexpect auc >= 0.5\n}\n')
    assert not result.diagnostics
    assert "std.training/loss-decreases" in [e.id for e in result.plan.expectations]
    assert any(e.at.file.endswith("training.mlt") for e in result.plan.expectations)


def test_a_used_spec_lends_what_it_declares(tmp_path):
    (tmp_path / "shared.mlt").write_text(HEAD)
    (tmp_path / "a.mlt").write_text(
        'edition 2026\nuse "shared" as base\nsuite "s" for base.delay on base.history {\n'
        "expect auc on base.holdout >= base.prod - base.drop\n}\n"
    )
    result = compile_specs([tmp_path / "a.mlt"])
    assert not result.diagnostics
    assert result.plan.expectations[0].params["bound"]["margin"] == {"text": "0.5pp"}


def test_two_files_may_hold_suites_of_one_name(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.mlt").write_text(IN_SUITE % "expect loss decreases")
    plan = compile_specs([tmp_path / "a.mlt", tmp_path / "b.mlt"]).plan
    assert [e.id for e in plan.expectations] == ["s/loss-decreases", "b:s/loss-decreases"]


def test_cost_grows_with_lines_not_their_square(compiled):
    def plan(lines: int):
        text = IN_SUITE % "\n".join(f"expect auc on holdout >= 0.{i:05d} id e{i}" for i in range(lines))
        return compiled(text).plan

    assert len(plan(2000).expectations) == 2000
    assert len(plan(2000).requests) == 2


def test_what_a_pack_lacks_is_told_once_where_it_is_used(compiled):
    (finding,) = compiled('edition 2026\nuse "std/training"\n').diagnostics
    assert finding.name == "no-model"
    assert finding.source.position(finding.primary.span.start) == (2, 5)


def test_what_refers_to_a_faulty_declaration_is_not_told_again(compiled):
    text = HEAD.replace('data holdout = python "flights.data:holdout"', "data holdout = 5%")
    text += 'suite "s" for delay on history {\nexpect auc on holdout >= 0.5\nexpect loss decreases\n}\n'
    result = compiled(text)
    assert len(result.diagnostics) == 1
    assert [e.id for e in result.plan.expectations] == ["s/loss-decreases"]


def test_linting_finds_what_compiling_finds(tmp_path):
    from mltspec.compile.files import load
    from mltspec.compile.linking import link
    from mltspec.compile.specs import findings

    (tmp_path / "a.mlt").write_text(
        IN_SUITE % "expect loss decreases by 20%\nexpect auc on hold >= 1\nexpect auc >= 0.5"
    )
    (tmp_path / "b.mlt").write_text('edition 2026\nuse "std/training"\nexpect loss decreases\n')
    files = [tmp_path / "a.mlt", tmp_path / "b.mlt"]
    found = [each for file in files for each in findings(link(load(file)))]
    assert tuple(found) == compile_specs(files).diagnostics
    assert len(found) == 4


def test_models_may_be_built_by_something_else(tmp_path):
    spec = tmp_path / "a.mlt"
    spec.write_text(
        'edition 2026\nmodel m { build python "m:build" fit 2 epochs }\ndata d = python "m:data"\n'
        'suite "s" for m on d { expect gradients reach every weight }\n'
    )
    found = compile_specs([spec], built_by=("keras", "candidate.keras"))
    assert found.sound
    (request,) = found.plan.requests
    assert request.ask["model"]["build"] == {"kind": "keras", "target": "candidate.keras"}
    assert request.ask["model"]["fit"]["epochs"] == 2


def test_a_name_that_no_file_can_have(tmp_path):
    text = 'edition 2026\nuse "a\0b"\n'  # no file holds this, but what somebody types in an editor may
    assert found(compile_specs([tmp_path / "typed.mlt"], text=text)) == ["no-such-file"]
