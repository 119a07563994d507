"""The saved output of a display, for notebooks in which no widget can run."""

import base64
from html import escape

from attnwidget.assets import asset
from attnwidget.export import page_shell, saved_payload
from attnwidget.frames import Workspace
from attnwidget.views import HeadImportance, State
from attnwidget.widget.saved_picture import saved_picture

SAVED = ("page", "picture", "nothing")
"""The kinds of saved output: an interactive page and a picture; the picture alone; neither."""

BUDGET = 400_000
"""Most bytes of the payload of a page."""

LARGEST_PICTURE = 300_000
"""Most bytes of a picture; a larger one is left out."""

MARKUP = """<div class="attnwidget-saved" data-widget="{identity}" data-model="{model}">
{picture}<p>{words} {advice}</p>
{page}<script>{script}</script>
</div>"""

PICTURE = """<img alt="{words}" src="data:image/svg+xml;base64,{data}" style="max-width: 100%">
"""

PAGE = """<script type="application/octet-stream" class="attnwidget-shell">{shell}</script>
<script type="application/octet-stream" class="attnwidget-data"
data-checksum="{checksum}">{data}</script>
"""

ADVICE = "This is a picture of it: run the notebook to click in it."


def saved_html(
    state: State,
    workspace: Workspace,
    importance: HeadImportance | None,
    words: str,
    identity: str,
    model: str,
    *,
    with_page: bool,
) -> str:
    """Return a fragment that stands for a widget in any viewer of the notebook.

    If scripts run, the fragment becomes an interactive page, and hides while the widget itself is
    there; else it is a picture and a line of text. No slow computation is started.

    Parameters
    ----------
    state, workspace, importance
        The state, the workspace and the importance of heads of the widget.
    words
        A sentence that describes the widget.
    identity
        The value of the trait ``identity``.
    model
        The id of the widget's model in the notebook.
    with_page
        Include the page, not only the picture.
    """
    svg = saved_picture(state, workspace, importance).encode()
    picture = ""
    if len(svg) <= LARGEST_PICTURE:
        picture = PICTURE.format(words=escape(words), data=base64.b64encode(svg).decode())
    page = ""
    if with_page:
        packed = saved_payload(workspace, state, importance, BUDGET)
        if packed is not None:
            page = PAGE.format(shell=page_shell(), checksum=packed.checksum, data=packed.text)
    return MARKUP.format(
        identity=escape(identity),
        model=escape(model),
        words=escape(words),
        advice=ADVICE,
        picture=picture,
        page=page,
        script=asset("saved.js").read_text(encoding="utf-8"),
    )
