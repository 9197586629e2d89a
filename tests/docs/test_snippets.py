"""Every spec in the documentation compiles, every command exists with its options, every link leads somewhere."""

import re
import shlex
from importlib import import_module

import click
import pytest
from pages import DOCS, REPOSITORY, Fence, fences, pages

from mltspec.cli.main import VERBS
from mltspec.compile.catalogue import PREAMBLE
from mltspec.compile.specs import compile_specs
from mltspec.language.diagnostic import Severity

SPECS = list(fences("mlt"))
COMMANDS = [
    (fence, line.partition(" #")[0].lstrip("$ "))
    for fence in fences("console", "sh", "bash")
    for line in fence.text.splitlines()
    if re.match(r"(\$ )?mltspec ", line)
]
DECLARED = re.compile(r"^(model|data|baseline|server|pipeline|let) +(\w+)", flags=re.MULTILINE)
HEAD = PREAMBLE.rpartition("suite")[0] + "server staging = local\n"


def whole(text: str) -> str:
    """Return what is shown as a whole spec: with whatever else it speaks of declared before it."""
    if text.startswith("edition"):
        return text
    own = {name for _, name in DECLARED.findall(text)}
    head = "\n".join(line for line in HEAD.splitlines() if not own & {name for _, name in DECLARED.findall(line)})
    claim = re.search(r"^(expect|for)\b", text, flags=re.MULTILINE)
    if claim:
        text = f'{text[: claim.start()]}suite "shown" for delay on history {{\n{text[claim.start() :]}}}\n'
    return f"{head}\n{text}"


@pytest.mark.parametrize("fence", SPECS, ids=lambda fence: fence.name)
def test_specs_compile(fence: Fence, tmp_path):
    if fence.caption:
        pytest.skip("a part of the tutorial's spec, which is run as a whole")
    spec = tmp_path / "shown.mlt"
    spec.write_text(whole(fence.text))
    errors = [each.message for each in compile_specs([spec]).diagnostics if each.severity is Severity.ERROR]
    assert errors == []


def test_a_broken_spec_would_be_noticed(tmp_path):
    spec = tmp_path / "shown.mlt"
    spec.write_text(whole("expect loss falls within 3\n"))
    assert not compile_specs([spec]).sound


@pytest.mark.parametrize("fence, line", COMMANDS, ids=lambda each: each.name if isinstance(each, Fence) else "")
def test_commands_exist_with_their_options(fence: Fence, line: str):
    problem = unknown_in(line)
    assert not problem, f"{fence.name}: {line}: {problem}"


def test_an_unknown_command_would_be_noticed():
    assert unknown_in("mltspec fly specs") == "fly"
    assert unknown_in("mltspec run specs --fast") == "--fast"
    assert unknown_in("mltspec report turn run.json") == "turn"
    assert unknown_in("mltspec run specs --html run.html") == ""


def unknown_in(line: str) -> str:
    """Return the first word of a command that mltspec does not know: a verb, or an option."""
    _, verb, *words = shlex.split(line)
    if verb.startswith("-"):
        return ""
    if verb not in VERBS:
        return verb
    command: click.Command = import_module(VERBS[verb][0]).command
    while isinstance(command, click.Group) and words:
        name = words.pop(0)
        if name.startswith("-"):
            return ""
        inner = command.get_command(click.Context(command), name)
        if inner is None:
            return name
        command = inner
    known = {option for each in command.params for option in (*each.opts, *each.secondary_opts)} | {"--help", "-h"}
    given = [word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)]
    return next((word for word in given if word not in known), "")


def test_every_page_is_in_the_sites_contents():
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    named = {
        line.strip() for block in re.findall(r"```\{toctree\}(.*?)```", index, re.DOTALL) for line in block.split("\n")
    }
    for page in pages():
        name = page.relative_to(DOCS).with_suffix("").as_posix()
        assert name in named or name == "index", f"{name} stands in no table of contents of docs/index.md"


LINKS = [
    (page, target)
    for page in [*pages(), REPOSITORY / "README.md"]
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
    if not re.match(r"[a-z]+:", target)
]


@pytest.mark.parametrize("page, target", LINKS, ids=lambda each: str(each).rpartition("/")[2])
def test_links_lead_somewhere(page, target):
    path = target.partition("#")[0]
    file = (page.parent / path).resolve() if path else page
    written = file.is_relative_to(DOCS / "reference") or file == DOCS / "gallery" / "index.md"
    assert written or file.exists(), f"{page.name}: {target}"
    if written and file.parent.name == "reference":
        assert file.stem in {"language", "checks", "rules", "cli", "report", "configuration"}
