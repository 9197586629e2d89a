"""`mltspec fmt` on real files."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

MESSY = "edition 2026\nlet  a=1   # one\n"
NEAT = "edition 2026\nlet a = 1  # one\n"
BROKEN = "edition 2026\nlet  = 1\n"


@pytest.fixture
def messy(here):
    file = here / "specs" / "messy.mlt"
    file.write_text(MESSY)
    return file


def test_specs_are_formatted_and_said(mltspec, messy):
    done = mltspec("fmt")
    assert (done.code, done.err) == (0, "")
    assert done.out == "formatted specs/messy.mlt\n1 file formatted, 1 file already in the style\n"
    assert messy.read_text() == NEAT
    assert mltspec("fmt").out == "2 files already in the style\n"


@pytest.mark.parametrize("option", ["--check", "--diff"])
def test_looking_writes_nothing_and_ends_with_1(mltspec, messy, option):
    done = mltspec("fmt", option)
    assert done.code == 1
    assert messy.read_text() == MESSY
    messy.write_text(NEAT)
    assert mltspec("fmt", option).code == 0


def test_a_diff_can_be_applied(mltspec, messy, here):
    messy.write_text(MESSY.rstrip("\n"))
    done = mltspec("fmt", "--diff", "specs")
    assert "-let  a=1   # one\n\\ No newline at end of file\n+let a = 1  # one\n" in done.out
    assert "1 file would be formatted" in done.err
    subprocess.run(["git", "apply", "-p0"], input=done.out, text=True, cwd=here, check=True)
    assert messy.read_text() == NEAT


def test_a_diff_shows_no_controls_in_a_terminal(here, messy):
    pytest.importorskip("pty")
    import pty

    messy.write_text(MESSY + "# \x1b[2J\n")
    reader, writer = pty.openpty()
    command = [sys.executable, "-m", "mltspec.cli.main", "fmt", "--diff", "--color", "never"]
    top = str(Path(__file__).parents[2])
    subprocess.run(command, stdout=writer, stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": top})
    os.close(writer)
    shown = os.read(reader, 10_000)
    assert rb"\x1b[2J" in shown
    assert b"\x1b" not in shown


def test_a_broken_spec_is_left_alone_and_others_are_formatted(mltspec, messy, here):
    broken = here / "specs" / "broken.mlt"
    broken.write_text(BROKEN)
    done = mltspec("fmt")
    assert done.code == 3
    assert "specs/broken.mlt:2" in done.err
    assert "1 file formatted, 1 file already in the style, 1 file left alone" in done.out
    assert (broken.read_text(), messy.read_text()) == (BROKEN, NEAT)


def piped(here, text: bytes, *args: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "mltspec.cli.main", "fmt", "-", *args]
    top = str(Path(__file__).parents[2])
    environment = {**os.environ, "PYTHONPATH": top, "PYTHONIOENCODING": "ascii"}
    return subprocess.run(command, input=text, capture_output=True, cwd=here, env=environment)


def test_stdin_to_stdout_whatever_the_terminal_speaks(here):
    done = piped(here, 'let  a="é"\r\nlet b = 1'.encode())
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == 'let a = "é"\r\nlet b = 1\r\n'.encode()


def test_broken_stdin_gives_nothing_back(here):
    done = piped(here, BROKEN.encode(), "--stdin-name", "specs/x.mlt")
    assert (done.returncode, done.stdout) == (3, b"")
    assert b"specs/x.mlt:2" in done.stderr
    assert piped(here, b"\xff").returncode == 3


def test_stdin_can_be_checked(here):
    assert (piped(here, MESSY.encode(), "--check").returncode, piped(here, NEAT.encode(), "--check").returncode) == (
        1,
        0,
    )
    assert piped(here, MESSY.encode(), "--check").stdout == b""
    assert piped(here, MESSY.encode(), "--diff").stdout.startswith(b"--- <stdin>\n+++ <stdin>\n")


def test_lines(mltspec, messy):
    messy.write_text("let  a=1\nlet  b=2\nlet  c=3\n")
    assert mltspec("fmt", "specs/messy.mlt", "--lines", "2:2").code == 0
    assert messy.read_text() == "let  a=1\nlet b = 2\nlet  c=3\n"


def test_mode_and_link_are_kept(mltspec, messy, here):
    messy.chmod(0o640)
    link = here / "link.mlt"
    link.symlink_to(messy)
    assert mltspec("fmt", "link.mlt").code == 0
    assert link.is_symlink()
    assert messy.read_text() == NEAT
    assert messy.stat().st_mode & 0o777 == 0o640


def test_line_ends_are_kept(mltspec, messy):
    messy.write_bytes(MESSY.replace("\n", "\r\n").encode())
    assert mltspec("fmt").code == 0
    assert messy.read_bytes() == NEAT.replace("\n", "\r\n").encode()


def test_a_formatted_file_is_not_written_again(mltspec, messy):
    messy.write_text(NEAT)
    before = messy.stat()
    mltspec("fmt")
    assert (messy.stat().st_ino, messy.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_file_that_cannot_be_written_is_said_and_whole(messy, monkeypatch):
    from click.testing import CliRunner

    import mltspec.report.writing as writing
    from mltspec.cli.fmt import command

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing.Path, "replace", full)
    done = CliRunner().invoke(command, [str(messy)])
    assert done.exit_code == 2
    assert "No space left on device" in done.output
    assert "1 file left alone" in done.output
    assert messy.read_text() == MESSY
    assert not list(messy.parent.glob(".*")), "a part of the new text was left behind"


@pytest.mark.parametrize(
    "args, code, says",
    [
        (["--lines", "5:2", "specs/digits.mlt"], 2, "no range of lines"),
        (["--lines", "1:2", "specs/digits.mlt", "specs/messy.mlt"], 2, "one spec"),
        (["-", "specs"], 2, "one spec"),
        (["nowhere.mlt"], 3, "there is no file `nowhere.mlt`"),
        (["empty"], 5, "no .mlt file found"),
    ],
    ids=str,
)
def test_wrong_usage(mltspec, messy, here, args, code, says):
    (here / "empty").mkdir()
    done = mltspec("fmt", *args)
    assert done.code == code
    assert says in done.err
