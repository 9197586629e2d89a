"""The two halves of a kind of evidence: the ask, and the record that answers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from mltspec.plan.wire import Wire, digest_of


class Blob(Wire):
    """A file named by its content: kept in the store, too large for a record."""

    digest: str
    size_bytes: int


class Ask(Wire):
    """What is to be measured: everything that determines the answer, and nothing that only judges it.

    A bound never stands in an ask; that is why a changed bound is re-judged without measuring again.
    """

    kind: ClassVar[str]

    def needs(self) -> Sequence[Ask]:
        """Return the asks whose evidence must be there before this one can be observed."""
        return ()

    def group(self) -> str:
        """Return a label under which asks are observed together in one process.

        By default each ask stands alone. Asks of one group have equal needs.
        """
        return self.identity()

    def identity(self) -> str:
        """Return the digest that tells this ask from every other."""
        return digest_of([self.kind, self.model_dump(mode="json")])

    def own_interpreter(self) -> bool:
        """Return whether it must be observed in an interpreter started for it alone.

        Processes forked from one interpreter share the order in which it hashes strings. What is to
        show that nothing depends on that order must not share it.
        """
        return False

    def lasting(self) -> bool:
        """Return whether an answer stands as long as nothing it depends on has changed.

        What a server out there does is not told by any file here, so it is asked anew in every run.
        """
        return True

    def label(self) -> str:
        """Return a few words for a progress display."""
        return self.kind


class Evidence(Wire):
    """What was measured."""


@dataclass(frozen=True)
class Kind:
    """A kind of evidence: its records, and where its observer lives.

    ``observer`` is ``module:function`` in ``mltspec.subjects``, imported only in a child process:
    ``observe(asks: Sequence[Ask], found: Sequence[Evidence], bench: Bench) -> Sequence[Evidence]``,
    where ``found`` answers ``asks[0].needs()`` in order. ``version`` is raised when the observer's
    meaning changes, so that older evidence is gathered again.
    """

    name: str
    ask: type[Ask]
    evidence: type[Evidence]
    observer: str
    version: int = 1
    limit_s: float = 600.0
