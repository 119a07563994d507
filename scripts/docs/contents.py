"""The table of contents, kept apart from the first page."""

from pathlib import Path

from sphinx.application import Sphinx

CONTENTS = "_contents.md"


def add_contents(app: Sphinx, docname: str, source: list[str]) -> None:
    """Append docs/_contents.md, which lists all pages, to the first page."""
    if docname == app.config.root_doc:
        contents = Path(app.srcdir) / CONTENTS
        app.env.note_dependency(str(contents), docname=docname)
        source[0] += "\n" + contents.read_text(encoding="utf-8")
