"""`mltspec lint` as a user meets it: rules chosen, findings mended, waived and written in several forms at once."""

import json
import stat

import pytest

BOUNDS = """edition 2026
model digits { build python "digits.model:build" }
data training = python "digits.data:training"
let unused = 3
suite "quality" for digits on training {
  expect accuracy >= 0
  expect loss decreases by >= 20%\x20
}
"""


@pytest.fixture
def spec(here):
    file = here / "specs" / "digits.mlt"
    file.write_text(BOUNDS)
    return file


def names(done):
    return [each["name"] for each in json.loads(done.out)["diagnostics"]]


def listed(mltspec, *args):
    return names(mltspec("lint", "--format", "json", *args))


def test_rules_are_chosen_by_name_and_by_group(mltspec, spec):
    assert listed(mltspec) == ["unused-let", "never-fails", "trailing-space"]
    assert listed(mltspec, "--select", "claims,style") == ["never-fails", "trailing-space"]
    assert listed(mltspec, "--ignore", "style", "--ignore", "unused-let") == ["never-fails"]
    assert listed(mltspec, "--select", "never-fails", "--ignore", "claims") == ["never-fails"]
    done = mltspec("lint", "--select", "never-fail")
    assert done.code == 2
    assert "did you mean `never-fails`?" in done.err
    done = mltspec("lint", "--ignore", "unknown-name")
    assert done.code == 2
    assert "keeps a spec from running" in done.err


def test_severities_decide_about_the_exit_code(mltspec, spec):
    assert mltspec("lint").code == 0
    assert mltspec("lint", "--strict").code == 3
    assert mltspec("lint", "--severity", "never-fails=error").code == 3
    assert mltspec("lint", "--severity", "claims=info", "--severity", "names=info", "--strict").code == 0
    assert mltspec("lint", "--severity", "never-fails=fatal").code == 2


def test_settings_come_from_the_nearest_file_and_the_command_line_goes_before_them(mltspec, spec, here):
    (here / "pyproject.toml").write_text(
        '[tool.mltspec.lint]\nignore = ["style"]\nseverity = {never-fails = "error"}\nexclude = ["specs/old/*"]\n'
        '[tool.mltspec.lint.per-file-ignores]\n"specs/d*.mlt" = ["unused-let"]\n'
    )
    (here / "specs" / "old").mkdir()
    (here / "specs" / "old" / "bad.mlt").write_text("nonsense\n")
    done = mltspec("lint", "--format", "json")
    assert (done.code, names(done)) == (3, ["never-fails"])
    assert mltspec("lint", "--severity", "never-fails=info").code == 0
    assert listed(mltspec, "--isolated", "specs/digits.mlt") == ["unused-let", "never-fails", "trailing-space"]
    assert "unknown-statement" in listed(mltspec, "specs/old/bad.mlt")
    (here / "specs" / "mltspec.toml").write_text('[lint]\nselect = ["style"]\n')
    assert listed(mltspec, "specs/digits.mlt") == ["trailing-space"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[lint]\nselct = ["all"]\n', "did you mean `select`?"),
        ('[lint]\nselect = ["nevr-fails"]\n', "did you mean `never-fails`?"),
        ('[lint]\nselect = "all"\n', "`select` is a list of texts"),
        ('[lint]\nseverity = {never-fails = "fatal"}\n', "is an error, a warning or info"),
        ("[lint\n", "cannot be read"),
    ],
)
def test_settings_that_cannot_be_followed_are_told_with_their_file(mltspec, spec, here, text, says):
    (here / "mltspec.toml").write_text(text)
    done = mltspec("lint")
    assert done.code == 2
    assert says in done.err
    assert "mltspec.toml" in done.err


def test_safe_fixes_are_made_and_the_file_stays_what_it_was(mltspec, spec, here):
    link = here / "specs" / "link.mlt"
    spec.chmod(0o640)
    spec.rename(here / "real.mlt")
    link.symlink_to(here / "real.mlt")
    shown = mltspec("lint", "--diff", "specs/link.mlt")
    assert "-let unused = 3" in shown.out
    assert (here / "real.mlt").read_text() == BOUNDS
    done = mltspec("lint", "--fix", "specs/link.mlt")
    assert "2 findings mended" in done.err
    assert (here / "real.mlt").read_text() == BOUNDS.replace("let unused = 3\n", "").replace("20% \n", "20%\n")
    assert link.is_symlink()
    assert stat.S_IMODE((here / "real.mlt").stat().st_mode) == 0o640
    before = (here / "real.mlt").stat().st_mtime_ns
    assert "mended" not in mltspec("lint", "--fix", "specs/link.mlt").err
    assert (here / "real.mlt").stat().st_mtime_ns == before


def test_unsafe_fixes_are_made_only_where_asked(mltspec, spec):
    spec.write_text(BOUNDS.replace("accuracy >= 0\n", "accuracy <= 0.9\n"))
    mltspec("lint", "--fix")
    assert "accuracy <= 0.9" in spec.read_text()
    mltspec("lint", "--unsafe-fixes")
    assert "accuracy >= 0.9" in spec.read_text()


def test_one_run_writes_every_form_and_ends_as_any_other(mltspec, spec, here):
    args = ["--format", "github", "--format", "json=f.json", "--format", "sarif=f.sarif", "--format", "gitlab=f.gl"]
    done = mltspec("lint", *args, "--severity", "never-fails=error")
    assert done.code == mltspec("lint", "--severity", "never-fails=error").code == 3
    assert done.out.startswith("::warning file=specs/digits.mlt,line=4,")
    expected = ["unused-let", "never-fails", "trailing-space"]
    assert [each["name"] for each in json.loads((here / "f.json").read_text())["diagnostics"]] == expected
    (run,) = json.loads((here / "f.sarif").read_text())["runs"]
    assert [each["ruleId"] for each in run["results"]] == expected
    assert all("shortDescription" in rule for rule in run["tool"]["driver"]["rules"])
    assert [each["check_name"] for each in json.loads((here / "f.gl").read_text())] == expected


def test_forms_that_cannot_be_written_are_refused_before_anything_is_linted(mltspec, spec):
    for args, says in (
        (["--format", "sarf"], "did you mean `sarif`?"),
        (["--format", "json", "--format", "sarif"], "two forms go to one place"),
        (["--format", "json=nowhere/f.json"], "there is no folder"),
        (["--diff", "--format", "json"], "name a file"),
    ):
        done = mltspec("lint", *args)
        assert done.code == 2
        assert says in done.err


def test_a_waiver_accepts_a_finding_until_its_day(mltspec, spec):
    waiver = "  # mlt: allow never-fails until {} -- bound comes later\n"
    spec.write_text(BOUNDS.replace("  expect accuracy", waiver.format("2999-01-01") + "  expect accuracy"))
    done = mltspec("lint")
    assert "never-fails" not in done.out
    assert "1 waived" in done.out
    assert "waived until 2999-01-01: bound comes later" in mltspec("lint", "--show-waived").out
    spec.write_text(BOUNDS.replace("  expect accuracy", waiver.format("2020-01-01") + "  expect accuracy"))
    assert listed(mltspec) == ["unused-let", "expired-waiver", "never-fails", "trailing-space"]


def test_many_specs_are_shared_among_processes_and_told_in_their_order(here, mltspec):
    for i in range(140):
        (here / "specs" / f"s{i:03}.mlt").write_text(BOUNDS)
    (here / "specs" / "digits.mlt").unlink()
    found = json.loads(mltspec("lint", "--format", "json").out)
    files = [each["file"] for each in found["diagnostics"]]
    assert found["files"] == 140
    assert len(files) == 3 * 140
    assert files == sorted(files)
