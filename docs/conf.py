"""How Sphinx builds the documentation: ``make docs`` writes it to build/site."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # for scripts.docs

from attnwidget import __version__  # noqa: E402

project = "attnwidget"
author = "attnwidget contributors"
release = version = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "scripts.docs",
]
exclude_patterns = ["_*"]
smartquotes = False  # "head" in a table is what is typed

# Pages: Markdown that GitHub shows as well.
myst_enable_extensions = ["attrs_block"]
myst_fence_as_directive = ["math"]
myst_heading_anchors = 4
suppress_warnings = ["misc.highlighting_failure"]  # an ellipsis in code is highlighted all the same

# Reference: scripts.docs writes types beside the parameters, where there is room for them.
default_role = "py:obj"
autodoc_typehints = "none"
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_rtype = False
python_use_unqualified_type_names = True
maximum_signature_line_length = 80

html_math_renderer = "mathml"
html_theme = "furo"
html_title = "attnwidget"
pygments_dark_style = "a11y-dark"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_favicon = "_static/favicon.svg"
html_copy_source = False
html_show_copyright = False
