"""What a reader of a slot may look at, and how it says that something else stands there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mltspec.compile.fault import Fault, Faulty
from mltspec.compile.forms import Slot
from mltspec.compile.names import Names
from mltspec.language.source import Span
from mltspec.language.tree import Date, Item, Items, Node, Number, Operator, Text, Word


@dataclass(slots=True)
class Reading:
    """What a reader may look at: the items, from where, and what stands around them.

    ``subject`` are the words that the value belongs to, for messages; ``compared`` when it follows an operator.
    """

    items: Sequence[Item]
    at: int
    names: Names
    subject: str
    subject_span: Span
    compared: bool
    slot: Slot

    @property
    def item(self) -> Item | None:
        """The next item, None at the end of the line."""
        return self.items[self.at] if self.at < len(self.items) else None

    def value(self) -> Item | None:
        """The next item with `let` names and loop variables replaced by what they stand for."""
        return None if self.item is None else self.names.value(self.item)

    def wanted(self, what: str, example: str) -> Faulty:
        """Return the fault of something else, or nothing, standing where ``what`` is due."""
        item = self.item
        span = item.span if item is not None else Span(self.items[-1].span.end - 1, self.items[-1].span.end)
        met = "the line ends" if item is None else f"`{shown(item)}` stands there"
        return Faulty(
            Fault(
                name="unexpected-item",
                message=f"{what} is due after `{self.subject}`, but {met}",
                span=span,
                label=f"{what} is due here",
                help=f"for example `{example}`",
            )
        )


Read = tuple[Any, int]
"""A value, and the index of the item after it."""


def shown(item: Node) -> str:
    """Return an item as an author would write it."""
    match item:
        case Word() | Operator() | Date():
            return item.text
        case Number():
            return item.amount.text
        case Text():
            return f'"{item.value}"'
        case Items():
            return "[…]"
    return "…"
