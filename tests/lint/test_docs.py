"""What the page on linting says is so."""

import re
import tomllib
from pathlib import Path

from mltspec.lint.registry import GROUPS
from mltspec.lint.settings import read
from mltspec.lint.waivers import waivers_of

PAGE = (Path(__file__).parents[2] / "docs" / "linting.md").read_text()


def test_every_group_is_listed_in_its_own_words():
    listed = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", PAGE, re.MULTILINE))
    assert listed == {name: about for name, about in GROUPS.items() if name != "language"}


def test_the_settings_it_shows_are_read():
    (text,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    settings = read(tomllib.loads(text)["lint"], Path("mltspec.toml"))
    assert settings.ignore == {"slices-without-least-rows"}
    assert settings.exclude
    assert settings.per_file_ignores


def test_the_waiver_it_shows_is_one():
    from mltspec.language.parse import parse
    from mltspec.language.source import Source

    (text,) = re.findall(r"```mlt\n(.*?)```", PAGE, re.DOTALL)
    source = Source("page.mlt", text)
    parsed = parse(source)
    (waiver,) = waivers_of(source, parsed.tokens, parsed.spec.statements)
    assert not waiver.fault
    assert text[waiver.covers.start :].startswith("expect auc")
