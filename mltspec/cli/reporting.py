"""Who hears of a run: the account first, then the report on the screen."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from mltspec.plan.events import Event
from mltspec.report.account import Account
from mltspec.report.paint import Paint
from mltspec.report.plain import Plain

Tell = Callable[[Event], None]


@contextmanager
def reporting(account: Account, ids: tuple[str, ...], verbosity: int, color: bool) -> Iterator[Tell]:
    """Give what a run tells its events to; live on a terminal, plain elsewhere."""
    if sys.stdout.isatty() and verbosity >= 0:
        from mltspec.report.live import Live

        with Live(sys.stdout, color) as live:
            plain = Plain(account, live.write, paint=Paint(color), verbosity=verbosity, ids=ids, heartbeat=False)

            def tell_live(event: Event) -> None:
                account.take(event)
                live.take(event)
                plain.take(event)

            yield tell_live
        return
    report = Plain(account, Printer(), paint=Paint(color), verbosity=verbosity, ids=ids)

    def tell(event: Event) -> None:
        account.take(event)
        report.take(event)

    yield tell


class Printer:
    """Prints lines as they come; falls silent when nobody reads them any more, so that the run goes on."""

    def __init__(self) -> None:
        self._open = True

    def __call__(self, line: str) -> None:
        """Print a line."""
        if self._open:
            try:
                print(line, flush=True)
            except BrokenPipeError:
                self._open = False
