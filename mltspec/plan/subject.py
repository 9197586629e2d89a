"""What users hand us: models, data, baselines and servers, as names that travel without their code.

Paths are as written in the spec, relative to its folder. Absolute folders are kept apart (``roots`` of a
request), so that the same work has the same key on another machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from mltspec.plan.wire import Wire


class Origin(Wire):
    """Where a subject comes from: ``python "module:callable"`` or a file.

    ``kind`` is ``python``, ``keras``, ``savedmodel``, ``csv``, ``parquet``, ``npz``, ``tfrecord`` or
    ``recorded`` (requests, as JSON lines);
    ``target`` is the ``module:callable`` or the path as written.
    """

    kind: Literal["python", "keras", "savedmodel", "csv", "parquet", "npz", "tfrecord", "recorded"]
    target: str


class Fit(Wire):
    """How ``model.fit`` is called when the model has no training job of its own.

    ``settings`` is the ``module:name`` of a dict of further arguments; what it says goes before the rest.
    """

    epochs: int = 5
    batch_rows: int = 32
    shuffle: bool = True
    settings: str | None = None


class Command(Wire):
    """A training job that Python runs as a program: a script, relative to a root, or a module, with its arguments.

    In the arguments ``{workdir}`` stands for the work folder and ``{seed}`` for the seed.
    """

    script: str
    module: str
    arguments: tuple[str, ...]

    def __str__(self) -> str:
        """Return it as it would be typed."""
        return " ".join(["python", *(["-m", self.module] if self.module else [self.script]), *self.arguments])

    @property
    def target(self) -> str:
        """The module that it runs, as a Python target: what its source is and what that imports."""
        return f"{self.module or self.script.removesuffix('.py').replace('/', '.')}:__main__"


class Model(Wire):
    """A model: how it is built and, if declared, how it is trained and exported.

    ``train`` and ``export`` are ``module:callable`` targets; ``job`` trains as a command. ``declares`` names what is
    intended and must not be flagged (``stochastic_inference`` …); ``declares_in`` is the ``module:name`` of a dict that
    does. ``raw`` returns raw rows; ``features`` and ``serving`` are the two paths from them to model inputs, as
    training and as serving compute them. ``trusted`` loads a file outside Keras' safe mode.
    """

    name: str
    build: Origin
    train: str | None = None
    job: Command | None = None
    export: str | None = None
    fit: Fit = Field(default_factory=Fit)
    declares: tuple[str, ...] = ()
    declares_in: str | None = None
    raw: str | None = None
    features: str | None = None
    serving: str | None = None
    trusted: bool = False

    def targets(self) -> tuple[str, ...]:
        """Return every Python target that the model names."""
        build = self.build.target if self.build.kind == "python" else None
        named = (
            build,
            self.train,
            self.job.target if self.job else None,
            self.export,
            self.fit.settings,
            self.declares_in,
            self.raw,
            self.features,
            self.serving,
        )
        return tuple(target for target in named if target)

    def __hash__(self) -> int:
        """Hash the name: it is unique in a spec, and plans look up equal asks very often."""
        return hash(self.name)


class Data(Wire):
    """A data set. ``label`` names the label column of a table; ``reads`` are files it says it reads."""

    name: str
    origin: Origin
    label: str | None = None
    reads: tuple[str, ...] = ()

    def targets(self) -> tuple[str, ...]:
        """Return the Python target that the data names, if it comes from one."""
        return (self.origin.target,) if self.origin.kind == "python" else ()

    def __hash__(self) -> int:
        """Hash the name: it is unique in a spec, and plans look up equal asks very often."""
        return hash(self.name)


class Function(Wire):
    """A function of the user's that a claim calls: ``module:callable``."""

    target: str

    def targets(self) -> tuple[str, ...]:
        """Return the Python target, so that its source counts as what evidence depends on."""
        return (self.target,)


class Server(Wire):
    """A serving system, and what may be done with it.

    ``system`` is one that `mltspec.compile.servers` knows; ``address`` is where it listens, as written, None where
    it is started here.
    ``model`` is the name it serves the model under, the model's own if None. ``serves`` is a folder that holds one
    folder a version, as TF Serving lays them out. ``drill`` marks a server that drills may disturb.
    ``token_from`` names the environment variable that holds the token; the token itself is never kept.
    ``grpc`` is the address of its gRPC port; ``control`` names how versions are loaded, where the protocol leaves that
    open. ``behind`` is what shares requests out between servers of one version each, where these are started here.
    ``python`` is the interpreter of the environment that a local server runs in.
    ``promote``, ``rollback`` and ``live`` are commands of a stack of one's own, ``predicts`` the path that answers
    rows.
    """

    name: str
    system: str
    address: str | None = None
    model: str | None = None
    serves: str | None = None
    drill: bool = False
    token_from: str | None = None
    grpc: str | None = None
    behind: str | None = None
    python: str | None = None
    control: str | None = None
    promote: str | None = None
    rollback: str | None = None
    live: str | None = None
    predicts: str | None = None

    @property
    def ours(self) -> bool:
        """Whether it is started for the rehearsal and ends with it."""
        return self.address is None and self.system != "command"


class Stage(Wire):
    """One step of a pipeline: it reads what other stages wrote into their folders, and writes into its own.

    It is a Python callable (``python``, ``module:callable``), a command (``command``, its words), or the serving of
    what was exported (``server``). ``inputs`` are the stages that it reads, in order; none of them for a first stage.
    """

    name: str
    python: str | None = None
    command: tuple[str, ...] = ()
    server: Server | None = None
    inputs: tuple[str, ...] = ()

    @property
    def writes(self) -> bool:
        """Whether it leaves an artifact: all but serving does."""
        return self.server is None


class Pipeline(Wire):
    """Stages in the order in which they run, from raw sources to serving."""

    name: str
    stages: tuple[Stage, ...]

    def stage(self, name: str) -> Stage:
        """Return a stage by its name."""
        return next(stage for stage in self.stages if stage.name == name)

    def after(self, name: str) -> tuple[Stage, ...]:
        """Return the stages that read what a stage writes."""
        return tuple(stage for stage in self.stages if name in stage.inputs)

    @property
    def seen_through(self) -> bool:
        """Whether all that it depends on can be told: what a command reads, or a server out there holds, cannot."""
        return not any(stage.command or (stage.server and not stage.server.ours) for stage in self.stages)

    def targets(self) -> tuple[str, ...]:
        """Return every Python target that its stages name."""
        return tuple(stage.python for stage in self.stages if stage.python)

    def __hash__(self) -> int:
        """Hash the name: it is unique in a spec, and plans look up equal asks very often."""
        return hash(self.name)


def subjects_of(value: object) -> Iterator[Model | Data | Function | Pipeline]:
    """Return every model, data set, function and pipeline that a record names."""
    if isinstance(value, Model | Data | Function | Pipeline):
        yield value
    elif isinstance(value, Wire):
        for name in type(value).model_fields:
            yield from subjects_of(getattr(value, name))
    elif isinstance(value, tuple | list):
        for item in value:
            yield from subjects_of(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from subjects_of(item)
