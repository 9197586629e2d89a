"""Profiles: seeds, budgets and confidence, and which tags run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """The settings that hold where an expectation says nothing else. ``tags`` empty runs all."""

    name: str = "default"
    seed: int = 7
    examples: int = 200
    confidence: float = 0.95
    tags: tuple[str, ...] = ()
