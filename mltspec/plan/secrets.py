"""Secrets of the environment, which never reach a report or the store, whatever the user's code prints."""

from __future__ import annotations

import json
import os
import re

_NAMES = re.compile(r"TOKEN|SECRET|PASSW|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIAL", re.IGNORECASE)
_named: set[str] = set()
_USER_OF_URL = re.compile(r"(?<=://)[^\s/@:\"']+(?::[^\s/@\"']*)?@")
_SHORTEST = 6
"""A shorter value is as likely an ordinary word."""


def holds_secret(name: str) -> None:
    """Take note that a variable of the environment holds a secret, whatever it is called: a spec says so."""
    _named.add(name)


def redacted(text: str) -> str:
    """Return a text without the values of variables that hold secrets, and without a URL's user.

    A variable holds one if it is named as secrets are, or if a spec names it as a server's token.

    Values are found as they are, as JSON writes them, and as JSON inside of JSON does; the longest first, for one may
    lie inside another.
    """
    values = {
        form: name
        for name, value in os.environ.items()
        if len(value) >= _SHORTEST and (name in _named or _NAMES.search(name))
        for form in (value, _quoted(value), _quoted(_quoted(value)))
    }
    for value in sorted(values, key=len, reverse=True):
        text = text.replace(value, f"[{values[value]}]")
    return _USER_OF_URL.sub("[user]@", text)


def _quoted(text: str) -> str:
    return json.dumps(text)[1:-1]
