"""Declarations of serving systems: which there are, and what each cannot do without."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mltspec.checks.clause import Clause
from mltspec.compile.fault import Fault, Faulty
from mltspec.compile.match import Clauses, Line, match_clauses, match_form
from mltspec.compile.reading import shown
from mltspec.language.suggest import closest
from mltspec.language.tree import Text, Word
from mltspec.plan.secrets import holds_secret

if TYPE_CHECKING:
    from mltspec.plan.subject import Server

SYSTEMS = ("local", "triton", "open_inference", "tensorflow_serving", "ray_serve", "command")
OURS = ("local", "triton")
"""Systems that are started for a run, where they have no address."""
CONTROLS = ("triton", "mlserver", "mlserver_in_place", "kserve", "none")
"""Ways to load versions, which the Open Inference Protocol leaves to each server."""
SERVER = Clauses(
    (
        Clause("drill {drill:allowed}", "drills may load, promote and roll back versions here"),
        Clause("model {model:name}", "the name the model is served under; the model's own by default"),
        Clause("serves {serves:text}", "a folder that holds one folder a version, as TF Serving lays them out"),
        Clause("token from {token_from:text}", "the environment variable that holds the token"),
        Clause("promote {promote:text}", "a command that makes `{version}` live"),
        Clause("rollback {rollback:text}", "a command that makes `{version}` live again"),
        Clause("live {live:text}", "a command that prints the live version"),
        Clause(
            "behind {behind:name}", "`haproxy`: a server a version, started here, and requests shared out by weight"
        ),
        Clause(
            "python {python:text}", "the interpreter of the environment that a local server runs in, an older one say"
        ),
        Clause("grpc {grpc:text}", "the address of its gRPC port, where it has one"),
        Clause("control {control:name}", f"how versions are loaded on it: {', '.join(CONTROLS)}"),
        Clause("predicts {predicts:text}", "the path that answers rows, Open Inference or TF Serving's"),
    )
)


def server_values(line: Line) -> dict[str, Any]:
    """Read what is said of a server.

    Raises:
        Faulty: no such system, or something that it cannot do without is missing.
    """
    _known(line)
    addressed = len(line.items) > 1 and isinstance(line.names.value(line.items[1]), Text)
    first = match_form("{system:name} {address:text}" if addressed else "{system:name}", line, 0)
    values = first.values | match_clauses(SERVER, line, first.end).values
    _refuse(values, line)
    return values


def server_of(name: str, values: Mapping[str, Any]) -> Server:
    """Return the record."""
    from mltspec.plan.subject import Server  # a record of pydantic, which linting does without

    server = Server(name=name, **values)
    if server.token_from:
        holds_secret(server.token_from)
    return server


def _known(line: Line) -> None:
    item = line.items[0]
    if isinstance(item, Word) and item.text in SYSTEMS:
        return
    near = closest(item.text, SYSTEMS) if isinstance(item, Word) else []
    raise Faulty(
        Fault(
            "unknown-system",
            f"`{shown(item)}` is no serving system",
            item.span,
            label="no such system",
            help=f"did you mean `{near[0]}`?" if near else f"one of {', '.join(SYSTEMS)}",
            replacements=tuple(near),
        )
    )


def _refuse(values: Mapping[str, Any], line: Line) -> None:
    """Refuse what a system cannot do without, and what it has no use for."""
    system, wrong, way_out = values["system"], "", ""
    if system == "command":
        missing = [name for name in ("promote", "rollback", "live", "predicts") if name not in values]
        if missing or "address" not in values:
            wrong = f"a stack behind commands needs {', '.join(missing) or 'an address'}"
            way_out = 'for example `command "127.0.0.1:8080" { promote "…" rollback "…" live "…" predicts "/v2/…" }`'
    elif system == "local" and "address" in values:
        wrong, way_out = "a local server is started by the run and has no address of its own", "write `local` alone"
    elif system in ("open_inference", "tensorflow_serving", "ray_serve") and "address" not in values:
        wrong, way_out = f"{system} is reached at an address", f'for example `{system} "127.0.0.1:8500"`'
    elif "python" in values and system != "local":
        wrong, way_out = (
            f"{system} brings its own interpreter",
            'for example `local { python "/opt/serving/bin/python" }`',
        )
    elif "behind" in values and (values["behind"] != "haproxy" or "address" in values or system not in OURS):
        wrong, way_out = (
            f"`{system}` cannot stand behind `{values['behind']}`",
            "for example `triton { behind haproxy }`",
        )
    elif values.get("control") not in (None, *CONTROLS):
        wrong, way_out = f"no server is controlled as `{values['control']}`", f"one of {', '.join(CONTROLS)}"
    if wrong:
        raise Faulty(Fault("impossible-server", wrong, line.items[0].span, label="cannot be meant", help=way_out))
