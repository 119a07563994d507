"""The HTML of the page: one file that sends no requests and runs only its own script."""

import base64
import hashlib
import html
import re

from attnwidget.assets import asset
from attnwidget.export.pack import Packed

UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Control characters, marks that turn the direction of text, and halves of characters."""

LONGEST_TITLE = 200

# Title and style are closed twice, because a damaged single end tag would hide the whole page.
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="attnwidget">
<title>{title}</title></title>
<style>{style}</style></style>
</head>
<body>
<main id="attnwidget"></main>
<p id="attnwidget-unopened" role="alert">This page could not be opened: it is damaged or cut short,
or scripts are not allowed here. Ask for the file again, or open it in a browser.</p>
<script type="application/octet-stream" id="attnwidget-data"
data-checksum="{checksum}">{data}</script>
<script>{script}</script>{rest}
</body>
</html>
"""

REST = """
<script type="application/octet-stream" id="attnwidget-rest">{data}</script>"""


def make_html(packed: Packed, rest: Packed | None, title: str) -> str:
    """Return the page, in ASCII, so that it may be written in any encoding.

    Parameters
    ----------
    packed
        The description of the page, and the frames of the first picture.
    rest
        The other frames. They stand behind the script, which draws before it reads them.
    title
        The title in the browser's tab; any text.
    """
    script, style = _asset("exported.js"), _asset("page.css")
    policy = "; ".join(
        [
            "default-src 'none'",
            f"script-src '{digest(script)}'",
            f"style-src '{digest(style)}'",
            "img-src data: blob:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    return PAGE.format(
        policy=policy,
        title=html.escape(short_title(title)).encode("ascii", "xmlcharrefreplace").decode(),
        style=style,
        script=script,
        checksum=packed.checksum,
        data=packed.text,
        rest="" if rest is None else REST.format(data=rest.text),
    )


def digest(text: str) -> str:
    """Return a text's hash as a Content-Security-Policy names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def short_title(title: str) -> str:
    """Return a title of reasonable length without characters that cannot be seen."""
    line = UNPRINTABLE.sub("\ufffd", title)
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1] + "…"


def _asset(name: str) -> str:
    text = asset(name).read_text(encoding="utf-8")
    for end in ("</script", "</style", "<!--"):
        if end in text.lower():
            raise ValueError(f"{name} holds {end!r}, with which it cannot stand in a page.")
    return text
