import json
import subprocess

import pytest

HEAD = 'edition 2026\nmodel m { build python "m:build" }\ndata d = python "m:train"\ndata other = python "m:other"\n'
HEAD += "baseline prod = run seed 1\n"


def spec(*lines, marks=""):
    body = "\n".join(f"  {line}" for line in lines)
    return f'{HEAD}suite "s" for m on d {{\n{body}\n}}\n'


@pytest.fixture
def diff(mltspec, here):
    def compare(old, new, *more):
        (here / "old").mkdir(exist_ok=True)
        (here / "new").mkdir(exist_ok=True)
        (here / "old" / "a.mlt").write_text(old)
        (here / "new" / "a.mlt").write_text(new)
        done = mltspec("diff", "old", "new", "--json", *more)
        assert done.code in (0, 1), done.err
        return done.code, [each["effect"] for each in json.loads(done.out)]

    return compare


@pytest.mark.parametrize(
    "old, new, effect",
    [
        ("accuracy >= 0.9", "accuracy >= 0.8", "weakened"),
        ("accuracy >= 0.9", "accuracy >= 95%", "changed"),
        ("accuracy >= 0.9", "accuracy >= 0.95", "tightened"),
        ("loss <= 0.5", "loss <= 0.6", "weakened"),
        ("loss <= 0.5", "loss >= 0.5", "changed"),
        ("accuracy on d >= prod - 1pp", "accuracy on d >= prod - 3pp", "weakened"),
        ("accuracy on d >= prod - 3pp", "accuracy on d >= prod", "tightened"),
        ("accuracy on d >= 0.9", "accuracy on other >= 0.9", "changed"),
        ("loss decreases by >= 20%", "loss decreases by >= 10%", "weakened"),
        ("loss decreases in >= 4 of 5 seeds", "loss decreases in >= 3 of 5 seeds", "weakened"),
        ("one batch overfits within 200 steps", "one batch overfits within 100 steps", "tightened"),
        ("accuracy >= 0.9", "accuracy >= 0.9 severity warn", "weakened"),
        ('accuracy >= 0.9 skip because "x"', "accuracy >= 0.9", "tightened"),
        (
            'accuracy >= 0.9 skip because "x" until 2027-01-01',
            'accuracy >= 0.9 skip because "x" until 2028-01-01',
            "weakened",
        ),
    ],
)
def test_what_a_change_does(diff, old, new, effect):
    code, effects = diff(spec(f"expect {old} id claim"), spec(f"expect {new} id claim"))
    assert effects == [effect]
    assert code == (0 if effect == "tightened" else 1)


def test_more_and_fewer_expectations(diff):
    one, two = spec("expect loss decreases"), spec("expect loss decreases", "expect gradients reach every weight")
    assert diff(one, two) == (0, ["added"])
    assert diff(two, one) == (1, ["removed"])
    assert diff(two, one, "--allow-weaker") == (0, ["removed"])
    assert diff(one, one) == (0, [])


def test_other_data_under_the_same_words_is_told(diff):
    old = spec("expect accuracy on other >= 0.9")
    assert diff(old, old.replace('"m:other"', '"m:easier"')) == (1, ["changed"])


def test_comments_and_layout_change_nothing(diff):
    old = spec("expect accuracy >= 0.9")
    assert diff(old, old.replace(">= 0.9", ">=   0.9   # as ever")) == (0, [])


def test_revisions_of_git(mltspec, here):
    def git(*words):
        who = ["-c", "user.name=a", "-c", "user.email=a@b"]
        subprocess.run(["git", *who, *words], cwd=here, check=True, capture_output=True)

    file = here / "specs" / "digits.mlt"
    file.write_text(spec("expect accuracy >= 0.9"))
    git("init", "-q")
    git("add", "specs")
    git("commit", "-qm", "one")
    file.write_text(spec("expect accuracy >= 0.8"))
    done = mltspec("diff", "HEAD:specs", "specs")
    assert done.code == 1
    assert "bound 0.8, was 0.9" in done.out
    git("commit", "-qam", "two")
    assert mltspec("diff", "HEAD~1", "HEAD").code == 1
    wrong = mltspec("diff", "nowhere", "specs")
    assert (wrong.code, "no revision of git" in wrong.err) == (2, True)


def test_a_wrong_spec_is_no_difference(mltspec, here):
    (here / "bad.mlt").write_text("edition 2026\nexpect\n")
    assert mltspec("diff", "bad.mlt", "specs").code == 3
