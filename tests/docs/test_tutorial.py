"""The tutorial as a reader follows it: files are written as shown, commands run, and print what is shown."""

import re
import shlex
import shutil
import subprocess
import sys

import pytest
from pages import DOCS, REPOSITORY

STEP = re.compile(r"^```(?P<head>\{code-block\} mlt|console)\n(?P<body>.*?)^```", flags=re.DOTALL | re.MULTILINE)
CAPTION = re.compile(r":caption: (?P<file>[\w.]+)(?:, instead of `(?P<line>.+)`)?\n\n*")


def steps() -> list[tuple[str, str]]:
    text = (DOCS / "tutorial.md").read_text(encoding="utf-8")
    return [(found["head"], found["body"]) for found in STEP.finditer(text)]


@pytest.mark.slow
@pytest.mark.tensorflow
@pytest.mark.timeout(1800)
def test_it_works_as_it_is_written(tmp_path):
    shutil.copytree(REPOSITORY / "specs/examples/flights/flights", tmp_path / "flights")
    for head, body in steps():
        if head == "console":
            _run(body, tmp_path)
        else:
            _write(body, tmp_path)


def test_it_has_steps():
    heads = [head for head, _ in steps()]
    assert heads.count("console") >= 8
    assert len(heads) - heads.count("console") >= 5


def _write(body, folder):
    caption = CAPTION.match(body)
    text = body[caption.end() :]
    file = folder / caption["file"]
    before = file.read_text() if file.exists() else ""
    if caption["line"]:
        line = next(line for line in before.splitlines(keepends=True) if line.strip() == caption["line"])
        file.write_text(before.replace(line, text))
    else:
        file.write_text(f"{before}\n{text}" if before else text)


def _run(body, folder):
    commands = [line[2:] for line in body.splitlines() if line.startswith("$ ")]
    wanted = [line for line in body.splitlines() if line and not line.startswith("$ ")]
    printed = ""
    for command in commands:
        words = [sys.executable, "-m", "mltspec.cli.main", *shlex.split(command)[1:]]
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True)
        printed += done.stdout + done.stderr
        fails = any(line.startswith("FAILED") for line in wanted)
        assert done.returncode == int(fails), f"{command}\n{done.stdout}{done.stderr}"
    for line in wanted:
        assert line in printed, f"{body}\nprinted:\n{printed}"
