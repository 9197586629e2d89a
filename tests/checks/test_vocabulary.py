import json
import subprocess
import sys

from mltspec.checks import refusals, vocabulary
from mltspec.checks.registry import all_checks


def test_stored_words_are_those_of_the_checks():
    stored = json.loads(vocabulary.STORED.read_text(encoding="utf-8"))
    assert stored == json.loads(json.dumps(vocabulary.built())), "run `python -m mltspec.checks.vocabulary`"


def test_words_of_other_checks_are_not_used(tmp_path, monkeypatch):
    stale = tmp_path / "vocabulary.json"
    stale.write_text(json.dumps({"checks": 1, "words": []}))
    monkeypatch.setattr(vocabulary, "STORED", stale)
    vocabulary.vocabulary.cache_clear()
    try:
        assert list(vocabulary.vocabulary()) == [check.name for check in all_checks()]
    finally:
        vocabulary.vocabulary.cache_clear()


def test_what_a_check_refuses_is_known_to_the_linter():
    for check in all_checks():
        if check.refuse:
            assert getattr(refusals, check.refuse.__name__) is check.refuse


def test_linting_loads_no_records(tmp_path):
    spec = tmp_path / "a.mlt"
    spec.write_text(
        'edition 2026\nmodel m { build python "m:b" }\ndata d = python "m:d"\nbaseline prod = run seed 1\n'
        'suite "s" for m on d {\n  expect loss decreases in >= 4 of 5 seeds\n  expect accuracy on d >= prod - 1pp\n}\n'
    )
    code = (
        "import sys\nfrom pathlib import Path\nfrom mltspec.lint.linting import lint\n"
        "from mltspec.lint.settings import Settings\n"
        "found = lint([Path(sys.argv[1])], lambda _: Settings(ignore=frozenset({'subjects'})))\n"
        "assert [each.name for each in found] == [], found\n"
        "assert 'pydantic' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code, str(spec)], check=True)
