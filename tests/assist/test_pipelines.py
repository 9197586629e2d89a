"""What an editor is told of pipelines: what their words mean, what may come next, and where their code is."""

import pytest

from mltspec.assist.completion import complete
from mltspec.assist.desk import Desk
from mltspec.assist.hover import hover
from mltspec.assist.navigation import definition, rename

SPEC = """edition 2026
pipeline nightly {
  stage source python "jobs:source"
  stage features python "jobs:features"
}
suite "s" {
  expect pipeline nightly completes on sample of 40 rows
  expect stage features restarts cleanly
  expect stage source restarts cleanly
}
"""
JOBS = 'def source(output):\n    pass\n\ndef features(source, output):\n    "Join."\n'


@pytest.fixture
def desk(tmp_path):
    (tmp_path / "jobs.py").write_text(JOBS)
    return Desk()


@pytest.fixture
def page(desk, tmp_path):
    path = tmp_path / "a.mlt"

    def put(text):
        path.write_text(text)
        desk.put(path, text)
        return desk.page(path)

    return put


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("stage source", "`stage NAME`"),
        ('python "jobs:source', "A callable that takes `input`"),
        ("jobs:features", "def features(source, output)"),
        ("nightly completes", "pipeline nightly {"),
        ("sample of", "How many rows first stages take"),
        ("restarts cleanly", "A stage that is killed while it writes"),
    ],
)
def test_words_are_explained(page, word, says):
    assert says in hover(page(SPEC), SPEC.index(word) + 1).text


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("expect pipeline ", {"nightly"}),
        ("expect stage ", {"source", "features"}),
        ("expect every stage restarts cleanly ", {"on sample of ROWS", "over DRILLS", "in pipeline PIPELINE"}),
    ],
)
def test_what_may_come_next(page, line, offered):
    text = SPEC.rstrip()[:-1] + f"  {line}\n}}\n"
    at = text.index(line + "\n") + len(line)
    assert offered <= {offer.label for offer in complete(page(text), at)}


def test_a_stage_leads_to_its_code_and_a_name_to_its_declaration(page):
    (code,) = definition(page(SPEC), SPEC.index("jobs:features") + 6)
    assert (code.path.name, code.line) == ("jobs.py", 4)
    (declared,) = definition(page(SPEC), SPEC.index("nightly completes"))
    assert declared.span.start == SPEC.index("nightly {")


def test_a_pipeline_is_renamed_wherever_it_is_meant(desk, page, tmp_path):
    edits = rename(desk, page(SPEC), SPEC.index("nightly"), "weekly", [tmp_path])
    assert {span.start for spans in edits.values() for span in spans} == {
        SPEC.index("nightly {"),
        SPEC.index("nightly completes"),
    }
