"""Specs from Python tests: ``assert_spec``, and a plugin by which pytest collects ``.mlt`` files."""

from mltspec.testing.asserting import SpecNotHeld as SpecNotHeld
from mltspec.testing.asserting import assert_spec as assert_spec
