"""Every form that the report of a run can be written in: its option, and the module that writes it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:  # the command line reads this table at its start
    from mltspec.report.json_report import RunReport


class Form(NamedTuple):
    """A form of report. ``writer`` is ``module:function``, imported when a report of that form is written."""

    help: str
    writer: str


FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "html": Form("Write the report as one HTML file.", "mltspec.report.html.page:to_text"),
        "json": Form("Write the JSON report.", "mltspec.report.json_report:to_text"),
        "junit": Form("Write JUnit XML.", "mltspec.report.junit:to_text"),
        "sarif": Form("Write what did not hold as SARIF.", "mltspec.report.failures:to_sarif"),
        "gitlab": Form("Write what did not hold as GitLab code quality.", "mltspec.report.failures:to_gitlab"),
        "github": Form("Write what did not hold as GitHub annotations.", "mltspec.report.failures:to_github"),
        "markdown": Form("Write a Markdown summary.", "mltspec.report.markdown:to_text"),
        "tap": Form("Write TAP 14.", "mltspec.report.tap:to_text"),
    }
)


def written(run: RunReport, form: str) -> str:
    """Return a report of a run in a form of the table."""
    module, _, function = FORMS[form].writer.partition(":")
    text: str = getattr(import_module(module), function)(run)
    return text
