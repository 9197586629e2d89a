"""An expectation on its way to a verdict: what it asks for next, and whether it can be judged."""

from __future__ import annotations

from dataclasses import dataclass, field

from mltspec.checks.check import AnyCheck
from mltspec.engine import judging
from mltspec.engine.board import Board
from mltspec.evidence.kind import Evidence
from mltspec.plan.picture import Picture
from mltspec.plan.plan import Expectation
from mltspec.plan.verdict import Judgement, Verdict


@dataclass(eq=False)
class Case:
    """One expectation. Evidence is taken in the order of its needs, so that chance decides nothing.

    A claim of the form *k of n* asks for as few pieces as could settle it, and is judged on those.
    """

    expectation: Expectation
    check: AnyCheck
    judgement: Judgement | None = None
    _taken: list[Evidence] = field(default_factory=list)
    _claimed: list[str] = field(default_factory=list)
    _asked: int = 0

    def advance(self, board: Board) -> bool:
        """Take what evidence there is, claim what is needed next; True when there is a judgement now."""
        if self.judgement is not None:
            return False
        self.judgement = self._judge(board)
        if self.judgement is not None:
            for id in self._claimed:
                board.release(id)
        return self.judgement is not None

    def pictures(self) -> tuple[Picture, ...]:
        """Show the evidence that was judged."""
        return judging.depict(self.check, self.expectation, self._taken)

    def _judge(self, board: Board) -> Judgement | None:
        needs = self.expectation.needs
        while True:
            open_ = self._open()
            if isinstance(open_, Judgement):
                return open_
            if open_ == 0:
                return judging.judge(self.check, self.expectation, self._taken)
            self._claim(board, len(self._taken) + open_)
            failed = self._failed(board)
            if failed is not None:
                return judging.unjudged(board.failures[failed], board.causes[failed])
            following = needs[len(self._taken)]
            if following not in board.evidence:
                return None
            self._taken.append(board.evidence[following])

    def _open(self) -> int | Judgement:
        """Return how many more pieces could at the least be needed."""
        left = len(self.expectation.needs) - len(self._taken)
        if self.check.missing is None or left == 0:
            return left
        try:
            params = self.check.params.model_validate(self.expectation.params)
            return min(left, max(0, self.check.missing(params, self._taken)))
        except Exception as error:
            return Judgement(
                verdict=Verdict.ERROR,
                explanation=f"the check `{self.expectation.check}` broke: {type(error).__name__}: {error}",
            )

    def _claim(self, board: Board, until: int) -> None:
        while self._asked < until:
            id = self.expectation.needs[self._asked]
            board.want(id)
            self._claimed.append(id)
            self._asked += 1

    def _failed(self, board: Board) -> str | None:
        """Return the request in the way: the next one or, where all are needed, any that failed."""
        needs = self.expectation.needs[len(self._taken) :]
        ahead = needs if self.check.missing is None else needs[:1]
        return next((id for id in ahead if id in board.failures), None)
