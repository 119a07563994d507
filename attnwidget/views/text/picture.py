"""The picture of the text view: the text, with the colour of its value behind each token."""

from itertools import groupby
from math import inf

import numpy as np
from numpy.typing import NDArray

from attnwidget.frames import Frame
from attnwidget.frames.token import TokenWant
from attnwidget.methods.method import Method
from attnwidget.methods.registry import method_of
from attnwidget.picture.color_bar import level_bar
from attnwidget.picture.colormap import STEPS, colors_of, is_light
from attnwidget.picture.document import Drawing
from attnwidget.picture.scale import Scale
from attnwidget.picture.svg import element, group, moved, text
from attnwidget.picture.theme import Theme
from attnwidget.picture.words import SMALL, shown_number, written
from attnwidget.picture.written_rule import written_in_words, written_rules_across
from attnwidget.shared import COLORS
from attnwidget.trace import Stream, Tokens
from attnwidget.views.text.chosen import WHY, Chosen
from attnwidget.views.text.flow import PADDING, WIDTH, Word, set_in_lines

LINE = 25.0
"""Height of a line of text, in pixels."""

BOX = 20.0
"""Height of the colour behind a token, in pixels."""

TITLE = 24.0

FAINTEST = 2
"""Steps so close to nothing that the paper is as good."""

AROUND = 300.0
"""Height of all but the text, in pixels."""

Values = NDArray[np.float32]


def draw_text(
    stream: Stream,
    frame: Frame,
    want: TokenWant,
    chosen: Chosen,
    kind: str,
    theme: Theme,
    room: float | None = None,
) -> Drawing:
    """Draw the text; of two texts, that of the keys above that of the queries.

    Parameters
    ----------
    kind
        The trait ``scale``.
    room
        Height in pixels; lines beyond it are left out. None without a limit.
    """
    method = method_of(want.shown.scores)
    values = np.asarray(frame.arrays["values"])
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    scale = Scale.over(low, high, kind, is_signed=method.signed)
    colors = colors_of("signed" if method.signed else "ink", theme)
    is_one = stream.queries == stream.keys
    colored = "key" if want.side == "query" else "query"
    sides = ("key",) if is_one else ("key", "query")
    room = inf if room is None else max(LINE * 4, (room - AROUND) / len(sides))
    body = [_title(stream, want, chosen)]
    y, notes = TITLE, list(_unread(want, chosen))
    for side in sides:
        tokens = stream.keys if side == "key" else stream.queries
        if not is_one:
            heading = "to (key)" if side == "key" else "from (query)"
            body.append(text(heading, 0, y + 12, font_size=SMALL, fill=theme.muted))
            y += 20
        ink = _Ink(scale, colors, theme, values if is_one or side == colored else None)
        mark = want.index if is_one or side == want.side else None
        words, left_out = _within(set_in_lines(tokens), mark, room)
        notes += [f"left out: {left_out:,} of {len(tokens):,} tokens"] if left_out else []
        notes += written_in_words(tokens)
        drawn, height = _passage(words, tokens, ink, mark)
        body.append(moved(drawn, 0, y))
        y += height + 12
    bar = level_bar(colors, *_ends(scale, method), theme)
    body.append(moved(bar.body, 0, y))
    notes += ["colour by the square root"] if not scale.is_linear else []
    return Drawing(WIDTH, y + bar.height, body, notes)


class _Ink:
    """The colours of a text, and the values behind them; None for a text without any."""

    def __init__(
        self, scale: Scale, colors: tuple[str, ...], theme: Theme, values: Values | None
    ) -> None:
        self.theme = theme
        self._colors = colors
        self._zero = (STEPS - 1) / 2 if scale.is_signed else 0.0
        self._steps = None if values is None else scale.steps(values)

    def ground(self, index: int) -> str | None:
        """Return the colour behind a token; None for the paper."""
        if self._steps is None or abs(self._steps[index] - self._zero) < FAINTEST:
            return None
        return self._colors[int(self._steps[index])]


def _passage(
    words: list[Word], tokens: Tokens, ink: _Ink, mark: int | None
) -> tuple[list[str], float]:
    first = words[0].line
    grounds, marks, letters = [], [], []
    for word in words:
        y = LINE * (word.line - first)
        box = {"x": word.x, "y": y + 2, "width": word.width, "height": BOX, "rx": 3.0}
        ground = ink.ground(word.index)
        if ground is not None:
            grounds.append(element("rect", fill=ground, **box))
        if word.index == mark:
            marks.append(
                element("rect", fill="none", stroke=COLORS["accent"][ink.theme.name], **box)
            )
        letters.append(
            text(
                word.text,
                word.x + (PADDING if word.is_small else 0),
                y + 2 + BOX / 2,
                fill=_letters(ground, ink.theme, is_muted=tokens.special[word.index]),
                font_size=SMALL if word.is_small else None,
                textLength=_length(word),
                lengthAdjust="spacingAndGlyphs",
            )
        )
    rules: list[str] = []
    for line, in_line in groupby(words, lambda word: word.line):
        row = list(in_line)
        flags = [tokens.written[word.index] for word in row]
        ends = [(word.x, word.x + word.width) for word in row]
        rules += written_rules_across(flags, ends, LINE * (line - first) + BOX + 3, ink.theme)
    body = [
        group(grounds),
        *rules,
        group(marks, stroke_width=1.6),
        group(letters, dominant_baseline="central"),
    ]
    return body, LINE * (words[-1].line - first + 1)


def _length(word: Word) -> float:
    return word.width - (2 * PADDING if word.is_small else 0)


def _letters(ground: str | None, theme: Theme, *, is_muted: bool) -> str | None:
    if ground is not None:
        return COLORS["cell_text"]["dark" if is_light(ground) else "light"]
    return theme.muted if is_muted else None


def _title(stream: Stream, want: TokenWant, chosen: Chosen) -> str:
    tokens = stream.queries if want.side == "query" else stream.keys
    verb = "from" if want.side == "query" else "to"
    name = f"{verb} ‘{written(tokens.text[want.index])}’ ({want.side} {want.index})"
    reason = WHY.get(chosen.why)
    return text(f"{name}, {reason}" if reason else name, 0, 12, font_weight="bold")


def _unread(want: TokenWant, chosen: Chosen) -> list[str]:
    return [] if chosen.why == "pinned" else [f"no token is pinned: {want.side} {want.index}"]


def _within(words: list[Word], mark: int | None, room: float) -> tuple[list[Word], int]:
    """Return the lines that there is room for, around a token, and how many tokens they lack."""
    lines = words[-1].line + 1
    if lines * LINE <= room:
        return words, 0
    most = int(room // LINE)
    at = words[mark].line if mark is not None else 0
    first = max(0, min(at - most // 2, lines - most))
    kept = [word for word in words if first <= word.line < first + most]
    return kept, len(words) - len(kept)


def _ends(scale: Scale, method: Method) -> tuple[str, str]:
    if not method.signed:
        return f"{method.values} {shown_number(scale.low)}", shown_number(scale.high)
    raises, lowers = method.signs
    ends = shown_number(scale.high)
    return f"−{ends} {lowers}", f"+{ends} {raises}"
