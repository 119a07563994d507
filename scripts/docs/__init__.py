"""Additions of the documentation site to Sphinx: contents, live widgets, formulas and types.

The pages are Markdown that GitHub shows too, so contents and widgets are no directives in them:
those would stand there as code.
"""

from typing import Any

from sphinx.application import Sphinx

from scripts.docs.contents import add_contents
from scripts.docs.live import LiveWidgets, write_widgets
from scripts.docs.mathml import write_block, write_inline
from scripts.docs.types import add_types


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("source-read", add_contents)
    app.add_transform(LiveWidgets)
    app.connect("build-finished", write_widgets)
    app.connect("autodoc-process-docstring", add_types, priority=400)  # before napoleon reads it
    app.add_html_math_renderer("mathml", (write_inline, None), (write_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
