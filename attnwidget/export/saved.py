"""A page in two parts: the shell that all pages share, and the payload of one page."""

import base64
import zlib
from functools import cache
from itertools import chain

from attnwidget.export.budget import within_budget
from attnwidget.export.html import make_html
from attnwidget.export.pack import DEFLATE_RAW, Packed, pack
from attnwidget.export.page import page_block
from attnwidget.frames import Workspace
from attnwidget.views import State


def saved_payload(
    workspace: Workspace,
    state: State,
    importance: object,
    budget: float,
) -> Packed | None:
    """Return the payload of a page that fits a budget of bytes, or None if none fits.

    No slow computation is started.
    """
    found = within_budget(workspace, state, budget)
    if found is None:
        return None
    contents, parts = found
    page = page_block(workspace, contents, importance, "")
    packed = pack(chain([page], (part.make(False).to_bytes() for part in parts)))
    # The estimate counts only frames; long tokens add to it.
    return packed if len(packed.text) <= 2 * budget else None


@cache
def page_shell() -> str:
    """Return a page without contents, deflated (raw) and in base64.

    The script of a saved notebook puts a payload and its checksum into it (js/saved.ts).
    """
    page = make_html(Packed("", 0), None, "attnwidget")
    deflate = zlib.compressobj(9, zlib.DEFLATED, DEFLATE_RAW)
    return base64.b64encode(deflate.compress(page.encode()) + deflate.flush()).decode()
