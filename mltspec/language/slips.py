"""Tokens that are not the language: each gets its message, and where the meaning is plain, a repair.

A repaired token lets the rest of the statement be read as if nothing had happened; a token without a
repair stays as it is, and the parser skips its statement in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from mltspec.language.diagnostic import MOST, Diagnostic, Edit, Fix, Label
from mltspec.language.foreign import (
    CHARACTERS,
    COMMON_UNITS,
    INVISIBLE,
    OPERATORS,
    SPACED,
    UNITS_ELSEWHERE,
    UNQUOTED,
)
from mltspec.language.quantity import UNITS
from mltspec.language.source import Source, Span
from mltspec.language.suggest import closest
from mltspec.language.tables import load
from mltspec.language.tokens import Token

LONGEST_NUMBER = 60


class Slips:
    """One pass over the significant tokens of a source."""

    def __init__(self, source: Source, tokens: Sequence[Token]) -> None:
        self.source = source
        self.tokens = tokens
        self.result: list[Token] = []
        self.diagnostics: list[Diagnostic] = []
        self._skip = 0
        self._strange_line = -1
        self._words = {"WORD", *load().keywords.values()} - {"FOR"}
        self._menders: dict[str, Callable[[Token], None]] = {
            "ERROR_OPERATOR": self._operator,
            "ERROR_RATE": self._rate,
            "ERROR_NUMBER": self._malformed_number,
            "ERROR_QUOTED": self._quoted,
            "ERROR_STRING": self._unterminated,
            "ERROR_CHARACTER": self._character,
            "STRING": self._string,
            "NUMBER": self._number,
            "QUANTITY": self._number,
        }

    def run(self) -> None:
        """Report every slip; leave the mended tokens in ``result``."""
        looked_at = self._menders.keys() | UNQUOTED
        for position, token in enumerate(self.tokens):
            if token.kind not in looked_at and not self._skip:
                self.result.append(token)
            elif self._skip:
                self._skip -= 1
            elif token.kind == "NUMBER" and self._foreign_unit(position):
                self._skip = 1
            elif token.kind in UNQUOTED and self._unquoted(position):
                continue
            elif token.kind in self._menders:
                self._menders[token.kind](token)
            else:
                self.result.append(token)

    def _report(
        self, name: str, message: str, token: Token, label: str, help_text: str = "", fix: Fix | None = None
    ) -> None:
        if len(self.diagnostics) >= MOST:
            return
        fixes = (fix,) if fix else ()
        place = Label(token.span, label)
        self.diagnostics.append(Diagnostic(name, message, self.source, place, help=help_text, fixes=fixes))

    def _mend(self, token: Token, kind: str, text: str) -> None:
        self.result.append(Token(kind, text, token.start, token.end))

    # ------------------------------------------------------------- operators and characters

    def _operator(self, token: Token) -> None:
        meant = OPERATORS.get(token.text[:3] if token.text.startswith(("===", "...")) else token.text)
        if meant is None:
            self._joined_claims(token) if token.text[0] in "&|" else self._arrow(token)
            return
        name = "double-equals" if token.text.startswith("==") else "unknown-operator"
        label = f"write `{meant}`"
        message = f"`{token.text}` is written `{meant}` here"
        self._report(name, message, token, label, fix=_replace(token, meant))
        kind = {"=": "EQUAL", "..": "RANGE"}.get(meant, "COMPARE")
        self._mend(token, kind, meant)

    def _joined_claims(self, token: Token) -> None:
        start = self.source.line_start(token.start)
        line = self.source.text[start : token.start]
        indent = line[: len(line) - len(line.lstrip())]
        fix = None
        if token.text[0] == "&" and line.split()[:1] == ["expect"]:
            gap = Span(start + len(line.rstrip()), token.end)
            fix = Fix("give the second claim a line of its own", (Edit(gap, f"\n{indent}expect"),), safe=False)
        help_text = (
            "one line is one claim: write another `expect` below, so that each can fail by itself"
            if token.text[0] == "&"
            else "a claim that may hold in two ways cannot fail usefully: state the one that must hold"
        )
        message = f"`{token.text}` does not join claims here"
        self._report("word-from-another-tool", message, token, "not part of the language", help_text, fix)
        self.result.append(token)

    def _arrow(self, token: Token) -> None:
        message = f"`{token.text}` is not part of the language"
        self._report("unexpected-character", message, token, "nothing is written with it")
        self.result.append(token)

    def _character(self, token: Token) -> None:
        char = token.text
        if char in INVISIBLE:
            message = f"an invisible character (U+{ord(char):04X}) stands here"
            help_text = "it looks like a space, or like nothing; it often comes with text copied from a web page"
            self._report("invisible-character", message, token, "here", help_text, _replace(token, " "))
            return
        self.result.append(token)
        line = self.source.line_start(token.start)
        if line == self._strange_line:
            return  # one message a line: the statement is lost at the first
        self._strange_line = line
        shown = char if char.isprintable() else f"U+{ord(char):04X}"
        message, help_text = CHARACTERS.get(char, (f"`{shown}` is not part of the language", ""))
        if char in "'`‘’“”„":
            self._report(
                "unterminated-string",
                "this text has no closing quote",
                token,
                "it begins here",
                'texts are written in straight double quotes: "…"',
            )
            return
        if char.isalpha():
            help_text = "words are written with a-z, A-Z, 0-9 and _; put other text in double quotes"
        elif char == ".":
            help_text = "a number begins and ends with a digit: `0.5`, `5.0`"
        fix = Fix("remove `;`", (Edit(token.span, ""),)) if char == ";" else None
        self._report("unexpected-character", message, token, "not expected here", help_text, fix)
        if char == ";":
            self.result.pop()
            self._strange_line = -1

    # ------------------------------------------------------------- texts

    def _unquoted(self, position: int) -> bool:
        """Whether a title or a path stands without quotes; if so, it has been reported and mended."""
        keyword = self.tokens[position]
        if position and self.tokens[position - 1].kind not in ("NEWLINE", "LBRACE"):
            return False
        name, message, ends, apart = UNQUOTED[keyword.kind]
        end = position + 1
        while end < len(self.tokens):
            token = self.tokens[end]
            if token.kind in ends or token.text in ends or token.kind in ("NEWLINE", "LBRACE", "STRING"):
                break
            if not apart and end > position + 1 and token.start > self.tokens[end - 1].end:
                break
            end += 1
        if end == position + 1 or self.tokens[position + 1].kind not in self._words:
            return False
        place = Token("STRING", "", self.tokens[position + 1].start, self.tokens[end - 1].end)
        quoted = '"' + self.source.slice(place.span).replace("\\", "/").replace('"', "") + '"'
        self._report(name, message, place, f"write `{_short(quoted)}`", fix=_replace(place, quoted))
        self.result += [keyword, Token("STRING", quoted, place.start, place.end)]
        self._skip = end - position - 1
        return True

    def _quoted(self, token: Token) -> None:
        mended = '"' + token.text[1:-1].replace("\\", "\\\\").replace('"', '\\"') + '"'
        smart = token.text[0] in "“”„‘’"
        name, kind = ("smart-quotes", "typographic") if smart else ("single-quotes", "single")
        if token.text[0] == "`":
            kind = "backward"
        message = f"texts are written in straight double quotes, not in {kind} ones"
        self._report(name, message, token, f"write `{mended}`", fix=_replace(token, mended))
        self._mend(token, "STRING", mended)

    def _unterminated(self, token: Token) -> None:
        inside = token.text.rstrip()
        opens_block = len(inside) > 1 and inside.endswith("{")
        if opens_block:
            inside = inside[:-1].rstrip()
        end = token.start + len(inside)
        fix = Fix("add the closing quote", (Edit(Span(end, end), '"'),), safe=False)
        self._report("unterminated-string", "this text has no closing quote", token, "it begins here", fix=fix)
        slashes = len(inside) - len(inside.rstrip("\\"))
        value = inside[:-1] if slashes % 2 else inside
        self.result.append(Token("STRING", value + '"', token.start, end))
        if opens_block:
            brace = token.start + len(token.text.rstrip()) - 1
            self.result.append(Token("LBRACE", "{", brace, brace + 1))

    def _string(self, token: Token) -> None:
        if "\\" in token.text:
            bad = [at for at in re.finditer(r"\\(.)", token.text) if at[1] not in 'nt"\\']
            if bad:
                edits = tuple(Edit(_within(token, at.start(), at.start()), "\\") for at in bad)
                fix = Fix("write `\\\\` for a backslash", edits)
                message = f"`{bad[0][0]}` means nothing in a text"
                place = Token(token.kind, bad[0][0], token.start + bad[0].start(), token.start + bad[0].end())
                known = 'only `\\"`, `\\\\`, `\\n` and `\\t` do'
                self._report("unknown-escape", message, place, known, fix=fix)
        self.result.append(token)

    # ------------------------------------------------------------- numbers

    def _number(self, token: Token) -> None:
        exponent = re.search(r"[eE][+-]?(\d+)", token.text)
        huge = exponent is not None and (len(exponent[1]) > 3 or int(exponent[1]) > 300)
        if len(token.text) > LONGEST_NUMBER or huge:
            self._report(
                "number-too-long",
                "this number has no use here",
                token,
                f"at most {LONGEST_NUMBER} characters, and an exponent up to 300",
            )
            self._mend(token, "ERROR_NUMBER", token.text)
            return
        self.result.append(token)

    def _foreign_unit(self, position: int) -> bool:
        """Whether a number and the word after it were meant as a quantity (``30 secs``)."""
        if position + 1 >= len(self.tokens):
            return False
        number, word = self.tokens[position : position + 2]
        if word.kind != "WORD" or self.source.text[number.end : word.start] != " ":
            return False
        near = len(word.text) > 4 and _like_a_unit(word.text)
        if not (word.text in SPACED or word.text == "m" or near):
            return False
        self._quantity(Token("ERROR_NUMBER", f"{number.text} {word.text}", number.start, word.end))
        return True

    def _malformed_number(self, token: Token) -> None:
        number = re.match(r"[0-9][0-9_]*(?:\.[0-9][0-9_]*)?(?=[A-Za-z_µμ])", token.text)
        if number:
            self._quantity(token)
            return
        message = f"`{_short(token.text)}` is not a number"
        help_text = "put versions and addresses in double quotes"
        self._report("malformed-number", message, token, "not a number", help_text)
        self.result.append(token)

    def _rate(self, token: Token) -> None:
        self._quantity(token)

    def _quantity(self, token: Token) -> None:
        """Report a number with a unit that is none; go on with the one that was meant."""
        digits = re.match(r"[0-9_.]*", token.text)
        assert digits is not None
        number, unit = digits[0], token.text[digits.end() :].strip()
        gap = token.text[digits.end() : len(token.text) - len(unit)]
        place = Token(token.kind, unit, token.end - len(unit), token.end)
        if unit == "m":
            minutes = _replace(token, f"{number}{gap}min", safe=False)
            message = "minutes or months? `m` could be either"
            help_text = f"write `{number}{gap}min` for minutes; a month has no fixed length, so count days: `30d`"
            self._report("ambiguous-minutes", message, place, "this unit is not known", help_text, minutes)
            self._mend(token, "QUANTITY", f"{number} min")
            return
        meant = [UNITS_ELSEWHERE[unit]] if unit in UNITS_ELSEWHERE else _rate_or_closest(unit)
        choices = " or ".join(f"`{number}{gap}{word}`" for word in meant)
        fix = _replace(token, f"{number}{gap}{meant[0]}") if len(meant) == 1 else None
        help_text = f"did you mean {choices}?" if meant else f"units are {COMMON_UNITS}"
        message = f"`{_short(unit)}` is not a unit"
        self._report("unknown-unit", message, place, "this unit is not known", help_text, fix)
        self._mend(token, *(("QUANTITY", f"{number} {meant[0]}") if meant else (token.kind, token.text)))


def _rate_or_closest(unit: str) -> list[str]:
    if unit.startswith("request"):
        return ["requests/min"] if unit.partition("/")[2].startswith("m") else ["requests/s"]
    return closest(unit, UNITS) if 1 < len(unit) < 20 else []


@lru_cache(256)
def _like_a_unit(word: str) -> bool:
    return bool(closest(word, UNITS))


def _short(text: str) -> str:
    return text if len(text) <= 24 else text[:23] + "…"


def _within(token: Token, start: int, end: int) -> Span:
    return Span(token.start + start, token.start + end)


def _replace(token: Token, text: str, *, safe: bool = True) -> Fix:
    shown = text if text.strip() else "a space"
    return Fix(f"write `{shown}`" if text.strip() else f"write {shown}", (Edit(token.span, text),), safe=safe)


def mend(source: Source, tokens: Sequence[Token]) -> tuple[list[Token], list[Diagnostic]]:
    """Return the tokens with slips repaired where the meaning is plain, and a diagnostic for each."""
    slips = Slips(source, tokens)
    slips.run()
    return slips.result, slips.diagnostics
