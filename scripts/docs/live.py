"""Widgets in the pages: ``<!-- live: NAME -->`` becomes a frame that holds the widget NAME.

GitHub shows nothing there, or the picture that directly follows; the site shows the widget in the
picture's place.
"""

import html
import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.transforms import SphinxTransform

from scripts.docs.widgets import WIDGETS, Live

FOLDER = "_live"
MARK = re.compile(r"\s*<!-- live: (?P<name>[\w-]+) -->\s*")

FIGURE = """<figure class="live">
<iframe src="{source}" title="{title}" style="--narrow: {narrow}px; --wide: {wide}px"
sandbox="allow-scripts" loading="lazy"></iframe>
<figcaption>{caption} <a href="{source}">On a page of its own</a></figcaption>
</figure>"""


class LiveWidgets(SphinxTransform):
    """Put frames in place of the marks."""

    default_priority = 400  # before Sphinx looks which pictures are shown

    def apply(self) -> None:
        """Replace every mark of a page, and the picture that directly follows it."""
        for node in list(self.document.findall(nodes.raw)):
            if mark := MARK.fullmatch(node.astext()):
                picture = node.next_node(siblings=True, descend=False)
                if isinstance(picture, nodes.paragraph) and _is_picture(picture):
                    picture.parent.remove(picture)
                text = _figure(_known(mark["name"]), mark["name"], self.env.docname)
                node.replace_self(nodes.raw("", text, format="html"))


def write_widgets(app: Sphinx, error: Exception | None) -> None:
    """Write the page of every widget into the finished site."""
    if error is None and app.builder.format == "html":
        folder = Path(app.outdir) / FOLDER
        folder.mkdir(exist_ok=True)
        for name, live in WIDGETS.items():
            live.make().to_html(folder / f"{name}.html", title=None, views=live.views)


def _known(name: str) -> Live:
    if name not in WIDGETS:
        raise SphinxError(f"There is no live widget {name!r}; there are {', '.join(WIDGETS)}.")
    return WIDGETS[name]


def _is_picture(paragraph: nodes.paragraph) -> bool:
    return len(paragraph) == 1 and isinstance(paragraph[0], nodes.image)


def _figure(live: Live, name: str, docname: str) -> str:
    return FIGURE.format(
        source="../" * docname.count("/") + f"{FOLDER}/{name}.html",
        title=html.escape(live.title),
        caption=html.escape(live.caption),
        narrow=live.narrow,
        wide=live.wide,
    )
