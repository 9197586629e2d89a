"""A model that lies in files: a `.keras` file, a SavedModel, or a folder of versions as TensorFlow Serving reads it."""

from __future__ import annotations

from typing import ClassVar

from mltspec.evidence.kind import Ask, Blob, Evidence, Kind
from mltspec.plan.subject import Model, Origin


class ArtifactAsk(Ask):
    """The model in a file or folder. ``model`` is the spec's own: it says how metrics are compiled.

    ``version`` chooses from a folder of numbered versions; None takes the highest, as TensorFlow Serving does.
    """

    kind: ClassVar[str] = "artifact"
    model: Model
    origin: Origin
    version: str | None = None

    def label(self) -> str:
        """Name the artifact as its report does."""
        return f"read {self.origin.target}"


class ArtifactEvidence(Evidence):
    """The artifact, kept whole: ``form`` is ``keras`` (a file) or ``savedmodel`` (a folder, as an uncompressed tar).

    ``version`` is the folder that was chosen, empty where there are no versions.
    """

    form: str
    version: str
    artifact: Blob


ARTIFACT = Kind("artifact", ArtifactAsk, ArtifactEvidence, "mltspec.subjects.observers.artifact:observe")
