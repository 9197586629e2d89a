import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from story import ended, judged, started, told

from mltspec.cli.attested import attestations
from mltspec.compile import attesting
from mltspec.language.parse import parse
from mltspec.language.source import Source
from mltspec.plan.verdict import Verdict
from mltspec.report.json_report import report, to_text
from mltspec.report.score import SECTIONS, TESTS, TOPICS, badge, recorded, score

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
MONTH = timedelta(days=30)


def run(*events, days_ago=1.0):
    made = report(told(started(len(events)), *events, ended()))
    return recorded(to_text(made.model_copy(update={"written": (NOW - timedelta(days=days_ago)).isoformat()})))


def of_test(number, verdict, name="s/claim", **marks):
    one = judged(verdict, name, **marks)
    return one.model_copy(update={"expectation": one.expectation.model_copy(update={"test": number})})


def test_a_pass_on_record_earns_its_test_a_point():
    found = score([run(of_test(2, Verdict.PASSED), of_test(4, Verdict.PASSED, "s/auc"))], MONTH, NOW)
    assert (found.points, found.of) == (2, 7)
    assert [each.points for each in found.tests] == [0, 1, 0, 1, 0, 0, 0]
    assert found.tests[1].earned_by == "s/claim"
    assert found.tests[1].on == "2026-11-23"
    assert found.tests[0].earns
    assert not found.tests[1].earns


@pytest.mark.parametrize("verdict", [each for each in Verdict if each is not Verdict.PASSED])
def test_nothing_else_earns_a_point(verdict):
    assert score([run(of_test(2, verdict))], MONTH, NOW).points == 0


@pytest.mark.parametrize("marks", [{"severity": "warn"}, {"dry_run": True}], ids=str)
def test_what_does_not_decide_earns_nothing(marks):
    assert score([run(of_test(2, Verdict.PASSED, **marks))], MONTH, NOW).points == 0


@pytest.mark.parametrize("days_ago, points", [(29.9, 1), (30.1, 0), (-1, 0)])
def test_a_record_must_be_young_and_no_prophecy(days_ago, points):
    found = score([run(of_test(2, Verdict.PASSED), days_ago=days_ago)], MONTH, NOW)
    assert (found.points, found.ignored) == (points, 1 - points)


def test_what_fails_by_now_is_told_beside_the_point():
    old, new = run(of_test(2, Verdict.PASSED), days_ago=5), run(of_test(2, Verdict.FAILED), days_ago=1)
    for order in ([old, new], [new, old]):
        point = score(order, MONTH, NOW).tests[1]
        assert (point.points, point.failing) == (1, ("s/claim failed",))


def test_no_record_is_no_score():
    assert score([], MONTH, NOW).points == 0


@pytest.mark.parametrize("line", [line for _, line in TESTS.values()])
def test_lines_that_would_earn_a_point_can_be_written(line):
    head = 'edition 2026\nmodel m { build python "m:b" }\ndata d = python "m:d"\n'
    text = f'{head}suite "s" for m on d {{\n  {line}\n}}\n'
    if line.startswith("for any"):
        text = text.replace("{ expect outputs finite }", "{\n expect outputs finite\n}")
    assert not parse(Source("a.mlt", text)).diagnostics


def test_a_badge_is_an_image_that_says_its_number():
    image = badge(score([run(of_test(2, Verdict.PASSED))], MONTH, NOW))
    assert "1/7" in ElementTree.fromstring(image).attrib["aria-label"]


def test_the_command_counts(tmp_path, capsys):
    from click.testing import CliRunner

    from mltspec.cli.score import command

    file = Path(tmp_path / "run.json")
    made = report(told(started(1), of_test(2, Verdict.PASSED), ended()))
    file.write_text(to_text(made))
    done = CliRunner().invoke(command, [str(file), "--badge", str(tmp_path / "b.svg")])
    assert done.exit_code == 0, done.output
    assert "infrastructure: 1 of 7 points" in done.output
    assert "expect training reproducible" in done.output
    assert "lowest of the four" in " ".join(done.output.split())
    assert (tmp_path / "b.svg").exists()


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "{}", '{"expectations": [{}]}', '{"expectations": 3}', "[" * 100_000]
)
def test_what_is_no_report_is_refused(text):
    with pytest.raises(ValueError, match="not a JSON report"):
        recorded(text)
    with pytest.raises(ValueError, match="not a JSON report"):
        recorded(text.encode() + b"\xff")


def test_the_command_starts_without_pydantic(tmp_path):
    file = tmp_path / "run.json"
    file.write_text(to_text(report(told(started(1), of_test(2, Verdict.PASSED), ended()))))
    code = "import sys; sys.argv = ['mltspec', 'score', sys.argv[1]]\nfrom mltspec.cli.main import main\n"
    code += "try: main()\nfinally: print('pydantic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "False", done.stderr


SPEC = """edition 2026
attest rollback {
  by "Ada" on 2026-10-02
  record "drill.md"
}
attest data_tests { by "Bo" on 2026-10-02 record "https://example.org/data" points 2 }
attest model_tests { by "Bo" on 2026-10-02 record "https://example.org/model" points 3.5 }
"""


@pytest.fixture
def attest(tmp_path):
    def read(text, record=True):
        (tmp_path / "a.mlt").write_text(text)
        if record:
            (tmp_path / "drill.md").write_text("We rolled back.")
        found, diagnostics = attestations([tmp_path / "a.mlt"])
        assert not diagnostics
        return found

    return read


def test_what_is_done_by_hand_is_half_a_point_and_the_other_half_is_told(attest):
    found = score([], MONTH, NOW, attest(SPEC))
    point = found.tests[6]
    assert (point.points, found.points) == (0.5, 0.5)
    assert point.attested == "by Ada on 2026-10-02: drill.md"
    assert point.earns == TESTS[7][1]


def test_a_pass_outweighs_what_is_done_by_hand(attest):
    assert score([run(of_test(7, Verdict.PASSED))], MONTH, NOW, attest(SPEC)).tests[6].points == 1


@pytest.mark.parametrize(
    "was, now, told",
    [
        ('"Ada" on 2026-10-02', '"Ada" on 2026-12-02', "still to come"),
        ('"Ada" on 2026-10-02', '"Ada" on 2026-05-01', "more than 183 days ago"),
        ('"drill.md"', '"elsewhere.md"', "no record `elsewhere.md`"),
    ],
)
def test_what_is_old_or_unrecorded_earns_nothing_and_is_told(attest, was, now, told):
    found = score([], MONTH, NOW, attest(SPEC.replace(was, now)))
    assert found.points == 0
    assert told in found.refused[0]


def test_the_final_score_is_the_lowest_of_four_sections(attest):
    runs = [run(*(of_test(test, Verdict.PASSED, f"s/{test}") for test in TESTS))]
    assert score(runs, MONTH, NOW, attest(SPEC)).final is None
    more = SPEC + 'attest monitoring_tests { by "Bo" on 2026-10-02 record "https://example.org/m" points 5 }\n'
    found = score(runs, MONTH, NOW, attest(more))
    assert (found.points, found.final) == (7, 2)


@pytest.mark.parametrize(
    "text, fault",
    [
        ('attest rolback { by "A" on 2026-10-02 record "r" }', "unknown-name"),
        ('attest rollback { by "A" record "r" }', "unexpected-item"),
        ('attest rollback { by "A" on 2026-10-02 }', "missing-clause"),
        ('attest rollback { by "A" on 2026-10-02 record "r" points 1 }', "impossible-attestation"),
        ('attest data_tests { by "A" on 2026-10-02 record "r" }', "impossible-attestation"),
        ('attest data_tests { by "A" on 2026-10-02 record "r" points 8 }', "impossible-attestation"),
    ],
)
def test_half_an_attestation_is_a_fault(tmp_path, text, fault):
    (tmp_path / "a.mlt").write_text(f"edition 2026\n{text}\n")
    assert [each.name for each in attestations([tmp_path / "a.mlt"])[1]] == [fault]


def test_topics_are_those_that_can_be_attested():
    assert {name: test for test, name in TOPICS.items()} == dict(attesting.TESTS)
    assert SECTIONS == attesting.SECTIONS


def test_the_command_takes_specs_beside_reports(tmp_path):
    from click.testing import CliRunner

    from mltspec.cli.score import command

    today = datetime.now(UTC).date().isoformat()
    (tmp_path / "a.mlt").write_text(
        f'edition 2026\nattest canary {{ by "A" on {today} record "https://example.org" }}\n'
    )
    done = CliRunner().invoke(command, [str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert "0.5  6 models are canaried" in done.output
    assert "the other half: " in done.output
    (tmp_path / "a.mlt").write_text("edition 2026\nattest canary { }\n")
    assert CliRunner().invoke(command, [str(tmp_path)]).exit_code == 3
