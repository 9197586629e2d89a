"""What goes wrong in a child is told, and the rest goes on."""

import os
import signal
import time
from pathlib import Path

import pytest
from engine_fakes import FakeAsk, claim, model

from mltspec.plan.events import GatheringProgress
from mltspec.plan.verdict import Verdict


def fails(project, does, **more):
    """Run one ask that goes wrong beside one that does not; return its failure."""
    outcome = project.run(claim(FakeAsk(does=does, **more)), claim(FakeAsk(seed=5)))
    assert outcome.judgements["e1"].verdict is Verdict.PASSED
    assert outcome.judgements["e0"].verdict is Verdict.ERROR
    (failure,) = project.failures()
    assert outcome.judgements["e0"].explanation == failure.message
    return failure


@pytest.mark.parametrize(
    ("does", "kind", "message"),
    [
        ("raise", "raised", "ValueError: no such column: age"),
        ("unfit", "refused", "`net` is not compiled; call compile() in build"),
        ("exit", "exit", "the process was ended by sys.exit(3)"),
        ("vanish", "exit", "the process ended with status 0 and no answer"),
        ("kill", "signal", "the process was killed by SIGKILL (out of memory?)"),
        ("segv", "signal", "the process was killed by SIGSEGV"),
        ("memory", "memory", "MemoryError"),
    ],
)
def test_a_child_that_ends_badly(project, does, kind, message):
    failure = fails(project, does)
    assert (failure.kind, failure.message) == (kind, message)


def test_a_crash_shows_where_it_happened(project):
    assert "_act" in fails(project, "segv").trace


def test_an_exception_shows_the_users_frames_only(project):
    project.write("user.py", "def build():\n    return deeper()\n\ndef deeper():\n    raise KeyError('age')\n")
    failure = fails(project, "user", model=model())
    assert failure.message == "KeyError: 'age'"
    assert failure.trace.splitlines() == [
        "user.py:2 in build",
        "    return deeper()",
        "user.py:5 in deeper",
        "    raise KeyError('age')",
    ]


def test_a_syntax_error_says_where(project):
    project.write("user.py", "def build(:\n")
    failure = fails(project, "user", model=model())
    assert failure.message.startswith("SyntaxError: ")
    assert "user.py, line 1" in failure.message


def test_a_missing_module_is_named(project):
    failure = fails(project, "user", model=model("nowhere:build"))
    assert failure.message == "ModuleNotFoundError: No module named 'nowhere'"


def test_garbage_is_no_evidence(project):
    failure = fails(project, "garbage")
    assert failure.kind == "garbage"
    assert "nonsense" in failure.message


def test_only_the_end_of_much_output_is_kept(project):
    failure = fails(project, "print")
    assert failure.output.rstrip().endswith("last words")
    assert len(failure.output) <= 4096


def test_a_hanging_child_is_stopped_and_shows_where_it_hung(project):
    outcome = project.run(claim(FakeAsk(does="hang")), claim(FakeAsk()), limit_s=4.0)
    assert outcome.judgements["e0"].verdict is Verdict.TIMED_OUT
    assert outcome.judgements["e1"].verdict is Verdict.PASSED
    (failure,) = project.failures()
    assert failure.message == "took longer than 4 s"
    assert "_act" in failure.trace


def test_a_grandchild_does_not_outlive_its_child(project):
    project.run(claim(FakeAsk(does="orphan")))
    assert is_gone(int((project.root.parent / "orphan").read_text()))


def test_a_thread_left_behind_holds_nothing_up(forked):
    began = time.monotonic()
    outcome = forked.run(claim(FakeAsk(does="thread")))
    assert outcome.judgements["e0"].verdict is Verdict.PASSED
    assert time.monotonic() - began < 10


def test_a_child_that_leaves_its_folder_harms_nobody(forked):
    before = Path.cwd()
    outcome = forked.run(claim(FakeAsk(does="chdir")), claim(FakeAsk(does="blob")), workers=1)
    assert {each.verdict for each in outcome.judgements.values()} == {Verdict.PASSED}
    assert Path.cwd() == before


def test_what_needs_a_failed_request_fails_with_the_cause(forked):
    bad = FakeAsk(does="raise")
    outcome = forked.run(claim(FakeAsk(of=(FakeAsk(seed=1, of=(bad,)),))))
    assert outcome.judgements["e0"].verdict is Verdict.ERROR
    assert outcome.judgements["e0"].explanation == "needs `raise 0`, which failed: ValueError: no such column: age"
    assert [failure.kind for failure in forked.failures()] == ["raised", "missing", "missing"]


def test_what_needs_a_late_request_timed_out(forked):
    outcome = forked.run(claim(FakeAsk(of=(FakeAsk(does="hang"),))), limit_s=0.5)
    assert outcome.judgements["e0"].verdict is Verdict.TIMED_OUT


def test_a_drill_is_killed_for_real(project):
    outcome = project.run(claim(FakeAsk(does="isolate"), at_most=0))
    assert outcome.judgements["e0"].verdict is Verdict.PASSED, outcome
    ask = FakeAsk(does="isolate")
    text = stored_text(project, ask)
    assert text == repr(
        [(0, "payload 7 True", False), (-signal.SIGKILL, "about to die", False), (-signal.SIGKILL, "", True)]
    )


def test_progress_is_told(forked):
    forked.run(claim(FakeAsk(does="progress")))
    told = [event for event in forked.events if isinstance(event, GatheringProgress)]
    assert told
    assert all((event.total, event.unit) == (6, "steps") for event in told)
    assert told[-1].done > told[0].done


def test_the_nursery_dying_fails_what_it_had_and_no_more(forked, monkeypatch):
    from mltspec.engine import crew

    seen = []
    original = crew.Crew.turn

    def turn(self):
        for event in original(self):
            if not seen and type(event).__name__ == "GatheringStarted":
                seen.append(event)
                os.kill(self._launcher._process.pid, signal.SIGKILL)
            yield event

    monkeypatch.setattr(crew.Crew, "turn", turn)
    outcome = forked.run(claim(FakeAsk(does="nap")), claim(FakeAsk(seed=1)), workers=1)
    assert outcome.judgements["e0"].explanation == "the process that starts children died"
    assert outcome.judgements["e1"].verdict is Verdict.PASSED


def stored_text(project, ask):
    import json

    for file in (project.root / ".mltspec/evidence").rglob("*.json"):
        entry = json.loads(file.read_text())
        if entry["ask"] == ask.model_dump(mode="json"):
            return entry["evidence"]["text"]
    return None


def is_gone(pid: int) -> bool:
    until = time.monotonic() + 3
    while time.monotonic() < until:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.02)
    return False


def test_one_bad_ask_spoils_no_other_of_its_group(project):
    asks = [FakeAsk(does=does, seed=seed, together="g") for does, seed in (("count", 1), ("unfit", 2), ("count", 3))]
    outcome = project.run(*map(claim, asks))
    verdicts = [outcome.judgements[f"e{i}"].verdict for i in range(3)]
    assert verdicts == [Verdict.PASSED, Verdict.ERROR, Verdict.PASSED]
    assert len(project.calls()) == 4
