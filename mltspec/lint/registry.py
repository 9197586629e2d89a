"""Every rule by its name. A rule's module is imported when the rule is first applied or explained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from inspect import cleandoc
from types import MappingProxyType

from mltspec.language.diagnostic import Severity
from mltspec.lint.rule import Rule

GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "language": "what stops a spec from being read, or will in a later edition",
        "names": "names that nothing uses, or that a reader confuses",
        "subjects": "models, data and jobs: Python targets and files that are there and fit their use",
        "claims": "expectations that never fail, never pass, say a thing twice or cannot be decided",
        "baselines": "comparisons with another model that compare nothing",
        "marks": "skips, excuses, tags and severities that outlived their purpose",
        "style": "what `mltspec fmt` would write otherwise",
        "waivers": "the waivers themselves",
    }
)
"""What each group of rules is about; a group's name selects all of its rules."""


@dataclass(frozen=True)
class Entry:
    """A rule's name, group and default severity.

    ``whole``: it speaks of what is *not* in a spec, and so is silent where a part could not be understood.
    """

    name: str
    group: str
    severity: Severity
    whole: bool = False

    @cached_property
    def _module(self) -> str:
        return f"mltspec.lint.rules.{self.group}.{self.name.replace('-', '_')}"

    @cached_property
    def rule(self) -> Rule:
        """The rule itself."""
        rule = import_module(self._module).RULE
        assert isinstance(rule, Rule)
        return rule

    @cached_property
    def doc(self) -> tuple[str, str]:
        """What it is about, and why that matters."""
        what, _, why = cleandoc(import_module(self._module).__doc__ or "").partition("\n\n")
        return what, why


_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

ENTRIES = (
    Entry("unused-let", "names", _WARNING, whole=True),
    Entry("unused-declaration", "names", _WARNING, whole=True),
    Entry("unused-use", "names", _WARNING, whole=True),
    Entry("unused-loop-name", "names", _WARNING),
    Entry("confusable-names", "names", _WARNING),
    Entry("suite-title-twice", "names", _WARNING),
    Entry("repeated-item", "names", _WARNING),
    Entry("declares-nothing", "names", _INFO),
    Entry("empty-block", "names", _WARNING, whole=True),
    Entry("missing-module", "subjects", _WARNING),
    Entry("missing-callable", "subjects", _ERROR),
    Entry("not-callable", "subjects", _ERROR),
    Entry("wrong-parameters", "subjects", _ERROR),
    Entry("missing-file", "subjects", _WARNING),
    Entry("label-not-a-column", "subjects", _ERROR),
    Entry("slice-not-a-column", "subjects", _WARNING),
    Entry("table-without-label", "subjects", _ERROR),
    Entry("wrong-kind-of-source", "subjects", _ERROR),
    Entry("same-source-twice", "subjects", _WARNING),
    Entry("seed-missing", "subjects", _WARNING),
    Entry("never-fails", "claims", _WARNING),
    Entry("never-passes", "claims", _WARNING),
    Entry("contradictory-bounds", "claims", _WARNING),
    Entry("duplicate-claim", "claims", _WARNING),
    Entry("implied-claim", "claims", _WARNING),
    Entry("float-equality", "claims", _WARNING),
    Entry("tolerance-below-float", "claims", _WARNING),
    Entry("wrong-direction", "claims", _WARNING),
    Entry("metric-without-direction", "claims", _INFO),
    Entry("measured-on-training-data", "claims", _WARNING),
    Entry("slices-without-least-rows", "claims", _INFO),
    Entry("too-few-rows", "claims", _WARNING),
    Entry("bound-finer-than-rows", "claims", _WARNING),
    Entry("undecidable-bound", "claims", _WARNING),
    Entry("lenient-seeds", "claims", _WARNING),
    Entry("batch-too-small", "claims", _WARNING),
    Entry("confidence-implausible", "claims", _WARNING),
    Entry("leakage-into-itself", "claims", _WARNING),
    Entry("crash-level-out-of-reach", "claims", _WARNING),
    Entry("crash-after-training", "claims", _WARNING),
    Entry("baseline-is-the-candidate", "baselines", _WARNING),
    Entry("same-baseline-twice", "baselines", _WARNING),
    Entry("baseline-not-saved", "baselines", _WARNING),
    Entry("margin-too-wide", "baselines", _WARNING),
    Entry("baseline-moves", "baselines", _INFO),
    Entry("expired-excuse", "marks", _WARNING),
    Entry("excuse-without-end", "marks", _WARNING),
    Entry("distant-excuse", "marks", _WARNING),
    Entry("empty-reason", "marks", _WARNING),
    Entry("nothing-decides", "marks", _WARNING, whole=True),
    Entry("profile-runs-nothing", "marks", _WARNING, whole=True),
    Entry("lonely-tag", "marks", _WARNING),
    Entry("profile-probes-nothing", "marks", _WARNING),
    Entry("trailing-space", "style", _INFO),
    Entry("tab-indent", "style", _INFO),
    Entry("unicode-operator", "style", _INFO),
    Entry("final-newline", "style", _INFO),
    Entry("blank-lines", "style", _INFO),
    Entry("malformed-waiver", "waivers", _WARNING),
    Entry("unknown-waiver", "waivers", _WARNING),
    Entry("expired-waiver", "waivers", _WARNING),
    Entry("unused-waiver", "waivers", _WARNING, whole=True),
)
BY_NAME: Mapping[str, Entry] = MappingProxyType({entry.name: entry for entry in ENTRIES})

COMPILER_WARNINGS = frozenset({"missing-edition"})
"""What the compiler only warns of, and so may be left out; all else that it finds keeps a spec from running."""
