"""`mltspec baseline`: keep versions of a model to compare with, and look at them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from mltspec.baselines.folder import NAME, Baselines, Damaged, NoSuchBaseline, files_of
from mltspec.checks.wording import number, plural
from mltspec.cli.exits import Exit
from mltspec.cli.options import store_option
from mltspec.compile.files import find_specs, roots_of
from mltspec.engine.settings import Settings, cores
from mltspec.evidence.stored import FOLDER, Version
from mltspec.language.render import printable

FOLDER_OPTION = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help=f"The folder of baselines. [default: `{FOLDER}` beside the spec, or at the top of the project]",
)


@click.group(
    epilog="\b\nExamples:\n"
    "  mltspec baseline save delay --from specs/delay.mlt\n"
    "  mltspec baseline save delay --from models/delay --spec specs/delay.mlt\n"
    "  mltspec baseline diff delay@1 delay@2\n\n"
    '\b\nIn a spec:\n  baseline prod = store "delay" version latest\n  expect auc on holdout >= prod - 1pp\n'
)
def command() -> None:
    """Keep versions of a model to compare with: what each scored, row by row, and the model itself.

    A run never writes a baseline, and saving one moves no bound.
    """


@command.command()
@click.argument("name")
@click.option(
    "--from",
    "source",
    required=True,
    metavar="RUN|MODEL",
    help="A spec that was run, a `.keras` file, a SavedModel, a folder of versions, or `models:/NAME/VERSION`.",
)
@click.option("--spec", metavar="PATH", help="The spec that says how a MODEL is measured. [default: the specs here]")
@click.option("--version", "number_", metavar="N", help="The version to take from a folder of versions.")
@click.option("--model", metavar="NAME", help="The spec's model, where it measures several.")
@click.option("--profile", metavar="NAME", help="The profile that the run had.")
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="The seed that the run had.")
@click.option("--note", default="", metavar="TEXT", help="A line to remember it by.")
@click.option("--tracking", metavar="URI", help="Where MLflow's registry is, for `models:/…`.")
@click.option("-n", "workers", type=click.IntRange(min=1), metavar="N", help="As in the run. [default: cores]")
@store_option
@FOLDER_OPTION
def save(
    name: str,
    source: str,
    spec: str | None,
    number_: str | None,
    model: str | None,
    profile: str | None,
    seed: int | None,
    note: str,
    tracking: str | None,
    workers: int | None,
    store: Path,
    folder: Path | None,
) -> None:
    """Save a version of baseline NAME from a RUN, or from a MODEL.

    A RUN is a spec: its last run's evidence is taken, as long as nothing it depends on has changed since. A MODEL is
    measured now, on the data and by the metrics that the spec asks for.
    """
    from mltspec.cli.saving import of_model, of_run, wanted, write

    if not NAME.fullmatch(name) or name == "objects":
        raise click.UsageError(f"`{name}` is no name for a baseline: letters, digits, `_`, `-` and `.`")
    settings = Settings(workers=workers or cores(), store=store)
    is_spec = source.partition("::")[0].endswith(".mlt")
    if source.startswith("models:/") and number_:
        raise click.UsageError("--version is for a folder of versions; a model of the registry has it in its name")
    if is_spec and (spec or number_):
        raise click.UsageError("--spec and --version are for a MODEL; a RUN has them in its spec")
    want = wanted([source] if is_spec else [spec] if spec else [], profile, seed, model)
    if is_spec:
        made, measured = of_run(want, settings, source)
    else:
        with TemporaryDirectory(prefix="mltspec-") as downloads:
            file, told = _model_file(source, tracking, Path(downloads))
            made, measured = of_model(want, settings, file, number_, told)
    baselines = Baselines(folder) if folder else Baselines.under(want.roots)
    version, new = write(name, note, made, measured, baselines, store)
    for line in _saved(version, new, baselines):
        print(printable(line))


def _model_file(source: str, tracking: str | None, downloads: Path) -> tuple[Path, str]:
    """Return the file or folder of a model, and what it is called."""
    if source.startswith("models:/"):
        from mltspec.cli.registered import fetched

        return fetched(source, tracking, downloads)
    if not Path(source).exists():
        raise click.UsageError(f"there is no `{source}`: name a spec that was run, a `.keras` file or a SavedModel")
    return Path(source), source


def _saved(version: Version, new: bool, baselines: Baselines) -> Iterator[str]:
    known = "saved" if new else "already there as"
    yield f"{known} baseline {version.name} version {version.number}, from {version.origin}"
    yield from (f"  {line}" for line in _holdings(version))
    size = sum({blob.digest: blob.size_bytes for blob in files_of(version)}.values())
    file = baselines.folder / version.name / f"{version.number}.json"
    yield f"  {file} and {size / 1e6:.1f} MB of files beside it; commit both"
    yield f'  to compare with it, declare `baseline prod = store "{version.name}"`'


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@FOLDER_OPTION
@click.pass_context
def list_(ctx: click.Context, /, as_json: bool, folder: Path | None) -> None:
    """List baselines, their versions, and what they scored."""
    baselines = _baselines(folder)
    found = [each for name in baselines.names() for each in _versions(baselines, name)]
    if as_json:
        print(json.dumps([each.model_dump(mode="json") for each in found], indent=2))
    for each in [] if as_json else found:
        print(
            printable(
                f"{each.name}@{each.number}  {each.saved}  from {each.origin}{f'  ({each.note})' if each.note else ''}"
            )
        )
        print(printable("    " + "; ".join(_holdings(each))))
    if not found and not as_json:
        print(f"no baseline in `{baselines.folder}`; save one: mltspec baseline save NAME --from SPEC")
    ctx.exit(Exit.HELD if found else Exit.NOTHING_RAN)


@command.command()
@click.argument("name", metavar="NAME[@N]")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@FOLDER_OPTION
def show(name: str, as_json: bool, folder: Path | None) -> None:
    """Show a version (the latest, if none is named), and hold its files against their digests."""
    baselines = _baselines(folder)
    version = _find(baselines, name)
    try:
        for blob in files_of(version):
            baselines.checked(blob)
    except Damaged as damage:
        raise click.ClickException(f"{version.name}@{version.number} is damaged: {damage}") from damage
    if as_json:
        print(version.model_dump_json(indent=2))
        return
    for line in _shown(version):
        print(printable(line))


def _shown(version: Version) -> Iterator[str]:
    yield f"{version.name} version {version.number}, saved {version.saved}"
    yield f"  from         {version.origin}"
    if version.note:
        yield f"  note         {version.note}"
    size_mb = version.artifact.size_bytes / 1e6
    yield f"  model        {version.model} ({version.form}, {size_mb:.1f} MB, {version.artifact.digest[:12]})"
    yield f"  gathered as  {version.code[:12]} (digest of code, data files, packages)"
    yield f"  environment  {', '.join(f'{name} {value}' for name, value in version.environment.items())}"
    yield "  measured"
    for holding, line in zip(version.holdings, _holdings(version), strict=True):
        yield f"    {line}, rows {holding.rows_digest[:12]}"


@command.command()
@click.argument("one", metavar="NAME[@N]")
@click.argument("other", metavar="NAME[@N]")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@FOLDER_OPTION
def diff(one: str, other: str, as_json: bool, folder: Path | None) -> None:
    """Show what differs between two versions: metrics, rows, code, environment."""
    baselines = _baselines(folder)
    first, second = _find(baselines, one), _find(baselines, other)
    if as_json:
        print(json.dumps(_differences(first, second), indent=2))
        return
    for line in _compared(first, second):
        print(printable(line))


def _differences(first: Version, second: Version) -> dict[str, Any]:
    """Return what two versions measured of the same thing, and what else differs."""
    old, new = ({(each.data, each.metric): each for each in version.holdings} for version in (first, second))
    metrics = [
        {
            "metric": metric,
            "data": data,
            "from": _finite(old[data, metric].value) if (data, metric) in old else None,
            "to": _finite(new[data, metric].value) if (data, metric) in new else None,
            "same_rows": (data, metric) in old
            and (data, metric) in new
            and old[data, metric].rows_digest == new[data, metric].rows_digest,
        }
        for data, metric in sorted(old.keys() | new.keys())
    ]
    changed = {
        name: [first.environment.get(name), second.environment.get(name)]
        for name in sorted(first.environment.keys() | second.environment.keys())
        if first.environment.get(name) != second.environment.get(name)
    }
    return {
        "metrics": metrics,
        "same_model": first.artifact.digest == second.artifact.digest,
        "same_code": first.code == second.code,
        "environment": changed,
    }


def _finite(value: float) -> float | str:
    return value if math.isfinite(value) else str(value)


def _compared(first: Version, second: Version) -> Iterator[str]:
    found = _differences(first, second)
    yield f"{first.name}@{first.number} ({first.saved}) -> {second.name}@{second.number} ({second.saved})"
    for each in found["metrics"]:
        old, new = each["from"], each["to"]
        what = f"  {each['metric']} on {each['data']}: "
        if old is None or new is None:
            yield what + (f"only the second: {number(new)}" if old is None else f"only the first: {number(old)}")
            continue
        rows = "" if each["same_rows"] else "  (other rows or labels: not to be compared)"
        change = f" ({new - old:+.4g})" if isinstance(old, float) and isinstance(new, float) else ""
        yield f"{what}{number(float(old))} -> {number(float(new))}{change}{rows}"
    yield f"  weights      {'the same' if found['same_model'] else 'differ'}"
    code = "the same code, data files and packages" if found["same_code"] else "other code, data files or packages"
    yield f"  gathered as  {code}"
    for name, (old, new) in found["environment"].items():
        yield f"  {name:<11}  {old or 'none'} -> {new or 'none'}"


@command.command()
@click.argument("name", metavar="NAME[@N]")
@click.option("--yes", is_flag=True, help="Do not ask.")
@FOLDER_OPTION
def rm(name: str, yes: bool, folder: Path | None) -> None:
    """Remove a version, or a whole baseline, and the files that no other version needs."""
    baselines = _baselines(folder)
    bare, _, number_ = name.partition("@")
    gone = [_find(baselines, name)] if number_ else _versions(baselines, bare) or [_find(baselines, name)]
    told = f"{bare} version {number_}" if number_ else f"{bare}, {plural(len(gone), 'version')}"
    if not yes:
        click.confirm(f"remove {told}?", abort=True)
    baselines.remove(bare, number_ or None)
    print(f"removed {told}")


def _baselines(folder: Path | None) -> Baselines:
    """Return the folder named, else that beside the specs here, else that of the project."""
    if folder is not None:
        return Baselines(folder)
    near = find_specs([Path("specs") if Path("specs").is_dir() else Path()])
    candidates = [Path(FOLDER), *(root / FOLDER for spec in near for root in roots_of(spec))]
    return Baselines(next((each for each in candidates if each.is_dir()), candidates[0]))


def _find(baselines: Baselines, name: str) -> Version:
    bare, _, number_ = name.partition("@")
    try:
        return baselines.find(bare, number_ or None)
    except NoSuchBaseline as none:
        raise click.UsageError(str(none)) from none
    except Damaged as damage:
        raise click.ClickException(str(damage)) from damage


def _versions(baselines: Baselines, name: str) -> list[Version]:
    try:
        return baselines.versions(name)
    except Damaged as damage:
        raise click.ClickException(str(damage)) from damage


def _holdings(version: Version) -> list[str]:
    return [
        f"{each.metric} on {each.data} {number(each.value)} over {plural(each.rows, 'row')}"
        for each in version.holdings
    ]
