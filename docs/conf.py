"""Sphinx's settings. Nothing of the pages comes from the network: furo brings its fonts and scripts."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from mltspec import __version__

project = "mltspec"
author = "the mltspec authors"
version = release = __version__

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["gallery/subjects"]
nitpicky = True
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence", "deflist"]

html_theme = "furo"
html_title = "mltspec"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_extra_path = ["gallery/pages"]
html_copy_source = False
html_show_sphinx = False
pygments_style = "friendly"
pygments_dark_style = "github-dark"
