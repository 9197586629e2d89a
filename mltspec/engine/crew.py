"""The children at work: gives them jobs, keeps their time, and reads how each job ended."""

from __future__ import annotations

import contextlib
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from mltspec.engine import job as wire
from mltspec.engine.blame import dumped_part, of_status
from mltspec.engine.job import Answer, Job
from mltspec.engine.launch import Ended, Launcher, NurseryDied, Started
from mltspec.plan.events import Event, Failure, GatheringProgress, GatheringStarted
from mltspec.plan.secrets import redacted

_GRACE_S = 0.5
_TURN_S = 0.1
_LOOK_EVERY_S = 0.2


@dataclass
class Task:
    """A job given to a child: whose requests it answers, and how far it is."""

    id: int
    requests: tuple[str, ...]
    label: str
    roots: tuple[str, ...]
    folder: Path
    limit_s: float
    started: float | None = None
    stack_asked: float | None = None
    late: bool = False
    dropped: bool = False
    fresh: bool = False
    progress: bytes = b""

    def seconds(self) -> float:
        """Return how long the child has been at it."""
        return 0.0 if self.started is None else time.monotonic() - self.started


@dataclass(frozen=True)
class Report:
    """How a task ended; ``answer`` says why where there is no evidence."""

    task: Task
    answer: Answer
    seconds: float


class Crew:
    """At most ``size`` children at once. Only data comes in and goes out."""

    def __init__(self, launcher: Launcher, folder: Path, size: int) -> None:
        self._launcher = launcher
        self._folder = folder
        self._size = size
        self._tasks: dict[int, Task] = {}
        self._count = 0
        self._looked = 0.0
        self._killed = oom_kills()
        self._simple = False

    @property
    def is_idle(self) -> bool:
        """Whether no child is at work."""
        return not self._tasks

    @property
    def has_room(self) -> bool:
        """Whether another child may start."""
        return len(self._tasks) < self._size

    def tasks(self) -> list[Task]:
        """Return the tasks under way."""
        return list(self._tasks.values())

    def next_folder(self) -> Path:
        """Return the folder for the next task."""
        folder = self._folder / f"job-{self._count + 1}"
        folder.mkdir(parents=True)
        return folder

    def start(self, job: Job, requests: Sequence[str], label: str, limit_s: float, fresh: bool = False) -> None:
        """Give a job to a child."""
        self._count += 1
        folder = Path(job.folder)
        wire.write(folder / wire.JOB, job.to_json())
        task = Task(self._count, tuple(requests), label, job.roots, folder, limit_s, fresh=fresh)
        self._tasks[self._count] = task
        self._launcher.start(self._count, folder, fresh)

    def drop(self, task: Task) -> None:
        """Stop a task that nobody needs any more."""
        if not task.dropped and task.started is not None:
            task.dropped = True
            self._launcher.signal(task.id, signal.SIGKILL)

    def turn(self) -> Iterator[Event | Report]:
        """Wait a moment; return what happened."""
        try:
            for event in self._launcher.hear(_TURN_S):
                task = self._tasks[event.id]
                if isinstance(event, Started):
                    task.started = time.monotonic()
                    yield GatheringStarted(ids=task.requests, label=task.label, pid=event.pid)
                else:
                    yield self._ended(task, event)
        except NurseryDied as death:
            if death.unborn and not self._simple:
                self._begin_again()
            else:
                yield from self._orphaned(death.output)
        self._keep_time()
        yield from self._look()

    def _ended(self, task: Task, event: Ended) -> Report:
        del self._tasks[task.id]
        answer = self._answer(task, event)
        shutil.rmtree(task.folder, ignore_errors=True)
        return Report(task, answer, task.seconds())

    def _answer(self, task: Task, event: Ended) -> Answer:
        with contextlib.suppress(OSError):
            text = redacted((task.folder / wire.ANSWER).read_text(encoding="utf-8", errors="replace"))
            try:
                answer = Answer.from_json(text)
            except ValidationError as error:
                return Answer(failure=Failure(kind="garbage", message=f"the answer is garbage: {error}"))
            return _with_output(answer, event.output)
        dump = redacted(_text(task.folder / wire.STACK))
        trace = dumped_part(dump, task.roots)
        if task.late:
            failure = Failure(kind="timed out", message=f"took longer than {task.limit_s:g} s", trace=trace)
        else:
            failure = of_status(event.status, oom_kills() > self._killed)
            failure = failure.model_copy(update={"trace": trace})
            self._killed = oom_kills()
        return _with_output(Answer(failure=failure), event.output)

    def _begin_again(self) -> None:
        """Start every task in a fresh interpreter: something that is imported early does harm."""
        self._simple = True
        self._launcher.simplify()
        for task in self._tasks.values():
            self._launcher.start(task.id, task.folder, task.fresh)

    def _orphaned(self, output: str) -> Iterator[Report]:
        """Fail every task under way: the process that raised the children is gone."""
        failure = Failure(kind="signal", message="the process that starts children died", output=output)
        for task in self.tasks():
            del self._tasks[task.id]
            yield Report(task, Answer(failure=failure), task.seconds())

    def _keep_time(self) -> None:
        """Ask a late child for its stack, and a moment later kill it."""
        for task in self._tasks.values():
            if not task.late and task.seconds() > task.limit_s:
                task.late = True
                task.stack_asked = time.monotonic()
                self._launcher.signal(task.id, signal.SIGUSR1)
            elif task.stack_asked is not None and time.monotonic() - task.stack_asked > _GRACE_S:
                task.stack_asked = None
                self._launcher.signal(task.id, signal.SIGKILL)

    def _look(self) -> Iterator[GatheringProgress]:
        """Return how far the children are, where that is news, a few times a second."""
        now = time.monotonic()
        if now - self._looked < _LOOK_EVERY_S:
            return
        self._looked = now
        for task in self._tasks.values():
            with contextlib.suppress(OSError, ValueError):
                told = (task.folder / wire.PROGRESS).read_bytes()
                if told == task.progress:
                    continue
                task.progress = told
                done, total, unit = told.decode().split(maxsplit=2)
                yield GatheringProgress(
                    ids=task.requests,
                    label=task.label,
                    done=int(done),
                    total=int(total),
                    unit=unit.strip(),
                    seconds=task.seconds(),
                )


def oom_kills() -> int:
    """Return how many processes the kernel has killed here for want of memory; 0 where it does not say."""
    if sys.platform != "linux":
        return 0
    places = [Path("/sys/fs/cgroup/memory.events")]
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            if controllers == "":
                places.append(Path(f"/sys/fs/cgroup{path}/memory.events"))
            elif controllers == "memory":
                places.append(Path(f"/sys/fs/cgroup/memory{path}/memory.oom_control"))
    counts = [line.split()[1] for place in places for line in _text(place).splitlines() if "oom_kill " in line]
    return sum(map(int, counts))


def _with_output(answer: Answer, output: str) -> Answer:
    if answer.failure is None:
        return answer
    return answer.model_copy(update={"failure": answer.failure.model_copy(update={"output": redacted(output)})})


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
