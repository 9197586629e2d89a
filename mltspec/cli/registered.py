"""Models from MLflow's registry: downloaded as they lie there, never unpickled."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

MODELS = "models:/"


def fetched(uri: str, tracking: str | None, folder: Path) -> tuple[Path, str]:
    """Download the model of ``models:/NAME/VERSION`` (or ``models:/NAME@ALIAS``).

    Args:
        uri: of the model.
        tracking: where the registry is; None takes MLflow's own setting.
        folder: where to put it.

    Returns:
        Its `.keras` file or its SavedModel, and which version of the registry it is.

    Raises:
        click.ClickException: MLflow is not installed, has no such model, or keeps it in a form that is not Keras'.
    """
    if find_spec("mlflow") is None:
        raise click.ClickException(f"`{uri}` lies in MLflow's registry: pip install 'mltspec[mlflow]'")
    mlflow = import_module("mlflow")
    try:
        if tracking:
            mlflow.set_tracking_uri(tracking)
        told = _version(uri, mlflow)
        home = Path(mlflow.artifacts.download_artifacts(artifact_uri=uri, dst_path=str(folder)))
    except Exception as problem:  # MLflow raises its own, its stores' and its transports' errors
        reason = " ".join(str(problem).split())
        where = f" in {tracking}" if tracking else ""
        raise click.ClickException(f"MLflow has no `{uri}`{where}: {reason:.300}") from problem
    files = sorted(home.rglob("*.keras"))
    graphs = sorted(graph.parent for graph in home.rglob("saved_model.pb"))
    if not files and not graphs:
        found = ", ".join(sorted(path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file())[:6])
        raise click.ClickException(
            f"`{uri}` holds neither a `.keras` file nor a SavedModel: it holds {found or 'nothing'}"
        )
    return [*files, *graphs][0], told


def _version(uri: str, mlflow: Any) -> str:
    """Return the version that an alias stands for now; a URI that names one is told as it is."""
    name, at, alias = uri.removeprefix(MODELS).partition("@")
    if not at:
        return uri
    version = mlflow.MlflowClient().get_model_version_by_alias(name, alias).version
    return f"{MODELS}{name}/{version}, then @{alias}"
