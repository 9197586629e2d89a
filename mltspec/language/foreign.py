"""What people write who come from other tools and languages, and how it is said here."""

from __future__ import annotations

OPERATORS = {
    "==": "=", "===": "=", "=<": "<=", "=>": ">=", "≤=": "<=", "≥=": ">=", "=≤": "<=", "=≥": ">=",
    "<>": "!=", "!==": "!=", ":=": "=", "...": "..",
}  # fmt: skip
UNITS_ELSEWHERE = {
    "sec": "s", "secs": "s", "msec": "ms", "msecs": "ms", "millis": "ms", "usec": "us", "µs": "us", "μs": "us",
    "hr": "h", "hrs": "h", "mins": "min", "percent": "%", "pct": "%", "KB": "kB", "kb": "kB", "K": "kB",
    "k": "kB", "Mb": "MB", "mb": "MB", "Gb": "GB", "gb": "GB", "tb": "TB", "kib": "KiB", "mib": "MiB",
    "gib": "GiB", "times": "x", "X": "x", "pps": "pp",
}  # fmt: skip
SPACED = UNITS_ELSEWHERE.keys() - {"times", "k", "K", "X"}
INVISIBLE = frozenset("\u00a0\u2007\u202f\u2009\u200a\u200b\u200c\u200d\u2060\u3000\ufeff")
UNQUOTED = {
    "SUITE": ("missing-quotes", "a suite's title stands in double quotes", ("FOR", "tags", "LSQB"), True),
    "USE": ("missing-quotes", "`use` names a file in double quotes", ("AS",), False),
}
"""Keywords that a text follows: name and message of the diagnostic, what ends the text, may it hold spaces."""

CHARACTERS = {
    ";": ("a statement ends with its line: no `;` is needed", ""),
    "(": ("the language has no parentheses", ""),
    ")": ("the language has no parentheses", ""),
    ":": ("no `:` is needed here", ""),
}

KEYWORDS = {
    "assert": "expect", "assertThat": "expect", "check": "expect", "require": "expect", "ensure": "expect",
    "verify": "expect", "should": "expect", "must": "expect", "threshold": "expect", "thresholds": "expect",
    "test": "suite", "describe": "suite", "feature": "suite", "scenario": "suite", "it": "expect",
    "import": "use", "include": "use", "from": "use", "const": "let", "var": "let", "val": "let", "def": "let",
    "dataset": "data", "foreach": "for",
}  # fmt: skip

ADVICE = dict.fromkeys(("threshold", "thresholds"), "a threshold is part of its claim: `expect auc on holdout >= 0.80`")

COMMON_UNITS = "`ms s min h d`, `% x pp`, `kB MB GB`, `steps epochs rows runs seeds requests` and `requests/s`"
