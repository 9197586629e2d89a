"""The one base of every record that travels: between processes, into the store, into reports."""

from __future__ import annotations

import json
from typing import Self

from pydantic import BaseModel, ConfigDict


class Wire(BaseModel):
    """A frozen, closed record whose JSON keeps every float.

    JSON has no NaN. Pydantic would write ``null`` and read nothing back, so non-finite numbers travel
    as the strings ``"NaN"``, ``"Infinity"`` and ``"-Infinity"``.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", ser_json_inf_nan="strings", defer_build=True, protected_namespaces=()
    )

    def to_json(self) -> str:
        """Return the record as JSON."""
        return self.model_dump_json()

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read a record back.

        Raises:
            pydantic.ValidationError: the text is not such a record.
        """
        return cls.model_validate_json(text)

    def fingerprint(self) -> str:
        """Return the SHA-256 of the record's canonical JSON, in hex."""
        return digest_of(self.model_dump(mode="json"))


def digest_of(value: object) -> str:
    """Return the SHA-256 of a JSON value in canonical form, in hex."""
    import hashlib  # takes several milliseconds, and linting needs no digest

    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
