"""What an exception says, for a reader who has one line."""

from __future__ import annotations

import re

_STYLE = re.compile(r"\x1b\[[0-9;]*m")
_HEADLINE = re.compile(
    r"Graph execution error:|Exception encountered when calling |Detected at node |<stack traces unavailable>|File \""
)
"""Lines of Keras and TensorFlow that announce a cause instead of naming it."""
MOST = 300


def plain(text: str) -> str:
    """Return a text without the colours that Keras writes into its messages."""
    return _STYLE.sub("", text)


def told(error: BaseException) -> str:
    """Return an exception's type and the first paragraph of its message that says why, in one line."""
    words: list[str] = []
    for line in (line.strip() for line in plain(str(error)).splitlines()):
        if words and (not line or line.startswith("[[")):
            break
        if line and not _HEADLINE.match(line):
            words.append(line)
    text = " ".join(words) or str(error).strip().partition("\n")[0] or "no message"
    return f"{type(error).__name__}: {text}"[:MOST]
