"""The picture of the neuron view: one query's vector, products, scores and attention weights."""

import numpy as np
from numpy.typing import NDArray

from attnwidget.frames import Frame, Workspace
from attnwidget.frames.neuron import NeuronWant, neuron_frame
from attnwidget.methods.progress import Progress
from attnwidget.picture.color_bar import level_bar
from attnwidget.picture.colormap import colors_of
from attnwidget.picture.columns import SOFTMAX_BAR, Columns, column_titles, layout_columns
from attnwidget.picture.document import Drawing
from attnwidget.picture.palette import head_color
from attnwidget.picture.strips import ROW, STRIP, draw_strips, limit_of
from attnwidget.picture.svg import element, group, moved, number, text
from attnwidget.picture.theme import Theme
from attnwidget.picture.words import SMALL, room_for, shown_number, shown_percent, written
from attnwidget.picture.written_rule import written_in_words, written_rules
from attnwidget.trace import Stream, Tokens

MOST_KEYS = 64
"""Most rows; longer inputs show the keys with the largest weights."""

TITLES = 40.0
"""Height of the columns' titles in pixels; the query's own row is below."""

TOP = TITLES + ROW + 10
"""Top of the rows of keys, in pixels."""


def draw_neuron(
    workspace: Workspace,
    want: NeuronWant,
    pinned: set[int],
    theme: Theme,
    progress: Progress = None,
) -> Drawing:
    """Draw the query's vector and a row for every key: its vector, product, scores and share.

    Parameters
    ----------
    pinned
        The keys in bold.
    """
    stream = workspace.trace[want.stream]
    frame = neuron_frame(workspace, want, progress)
    rows = _rows(np.asarray(frame.arrays["weights"]), pinned)
    asked = stream.queries.text[want.query]
    columns = layout_columns(frame, room_for([asked, *(stream.keys.text[row] for row in rows)]))
    bottom = TOP + ROW * len(rows) + 10
    strips, scales = _strips(frame, rows, columns, theme)
    legend = level_bar(colors_of("signed", theme), "negative", f"positive, {scales}", theme)
    body = [
        *column_titles(columns, frame, theme),
        *_asked(asked, columns, theme),
        *strips,
        *_texts(stream, frame, rows, pinned, columns, theme),
        *_shares(frame, rows, columns, theme),
        *_rules(stream.keys, rows, theme),
        moved(legend.body, 0, bottom),
    ]
    notes = [f"from {written(asked)} (query {want.query})", *_notes(frame, rows)]
    notes += written_in_words(stream.keys)
    return Drawing(max(columns.width, legend.width), bottom + legend.height, body, notes)


def _rows(weights: NDArray[np.float32], pinned: set[int]) -> NDArray[np.int64]:
    """Return the keys that have a row, in the order of the text, always with the pinned ones."""
    is_pinned = np.isin(np.arange(len(weights)), [*pinned])
    return np.sort(np.lexsort((-weights, ~is_pinned))[:MOST_KEYS])


def _asked(token: str, columns: Columns, theme: Theme) -> list[str]:
    """Return the query's own row without its strip, and the rule below it."""
    baseline = TITLES + ROW / 2 + 4
    accent = head_color(None, theme)
    rule = f"M0 {number(TOP - 5)}H{number(columns.width)}"
    return [
        text(written(token), 0, baseline, fill=accent, font_weight="bold"),
        text("← query q", columns.products, baseline, font_size=SMALL, fill=theme.muted),
        element("path", d=rule, stroke=theme.rule),
    ]


def _strips(
    frame: Frame, rows: NDArray[np.int64], columns: Columns, theme: Theme
) -> tuple[list[str], str]:
    """Return the strips of the query, the keys and the products, and their scales."""
    query = np.asarray(frame.arrays["query"], np.float32)[None]
    keys = np.asarray(frame.arrays["keys"], np.float32)
    products = keys * query
    of_vectors, of_products = limit_of(np.concatenate([query, keys])), limit_of(products)
    allowed = _allowed(frame, rows)
    width, inset = columns.strip, (ROW - STRIP) / 2
    placed = [
        (draw_strips(query, of_vectors, width, np.ones(1, bool), theme), columns.keys, TITLES),
        (draw_strips(keys[rows], of_vectors, width, allowed, theme), columns.keys, TOP),
        (draw_strips(products[rows], of_products, width, allowed, theme), columns.products, TOP),
    ]
    scales = (
        f"full colour from ±{shown_number(of_vectors)} in q and k, "
        f"±{shown_number(of_products)} in q × k (95th percentile)"
    )
    return [moved(strips, x, y + inset) for strips, x, y in placed], scales


def _texts(
    stream: Stream,
    frame: Frame,
    rows: NDArray[np.int64],
    pinned: set[int],
    columns: Columns,
    theme: Theme,
) -> list[str]:
    """Return the tokens and the scores of every row."""
    allowed = _allowed(frame, rows)
    tokens, scores = [], []
    for place, row in enumerate(rows):
        middle = TOP + ROW * (place + 0.5)
        masked = None if allowed[place] else theme.muted
        faint = theme.muted if stream.keys.special[row] else masked
        weight = "bold" if int(row) in pinned else None
        tokens.append(
            text(written(stream.keys.text[row]), 0, middle, fill=faint, font_weight=weight)
        )
        scores += [
            text(shown_number(float(score.values[row])), score.right, middle, fill=masked)
            for score in columns.scores
        ]
    return [
        group(tokens, dominant_baseline="central"),
        group(scores, dominant_baseline="central", text_anchor="end", font_size=SMALL + 1),
    ]


def _rules(keys: Tokens, rows: NDArray[np.int64], theme: Theme) -> list[str]:
    """Return rules beside the keys that the model wrote."""
    ends = [(TOP + ROW * place, TOP + ROW * (place + 1)) for place in range(len(rows))]
    return written_rules([keys.written[row] for row in rows], ends, -6, theme)


def _shares(frame: Frame, rows: NDArray[np.int64], columns: Columns, theme: Theme) -> list[str]:
    """Return a bar and a number for each share of the softmax."""
    weights = np.asarray(frame.arrays["weights"], np.float64)
    full = float(weights.max()) or 1.0
    bars, shares = [], []
    for place, (row, is_allowed) in enumerate(zip(rows, _allowed(frame, rows), strict=True)):
        middle = TOP + ROW * (place + 0.5)
        if not is_allowed:
            shares.append(text("masked", columns.softmax, middle, fill=theme.muted))
            continue
        share = float(weights[row])
        length = max(1.0, SOFTMAX_BAR * share / full)
        bars.append(
            element("rect", x=columns.softmax, y=middle - 5, width=length, height=10.0, rx=1.5)
        )
        shares.append(text(shown_percent(share), columns.softmax + length + 6, middle))
    return [
        group(bars, fill=head_color(None, theme)),
        group(shares, dominant_baseline="central", font_size=SMALL + 1),
    ]


def _allowed(frame: Frame, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    return np.asarray(frame.arrays["allowed"])[rows].astype(bool)


def _notes(frame: Frame, rows: NDArray[np.int64]) -> list[str]:
    weights = np.asarray(frame.arrays["weights"], np.float64)
    notes = []
    if len(rows) < len(weights):
        others = weights.sum() - weights[rows].sum()
        notes.append(
            f"the {len(rows)} of {len(weights):,} keys with the largest weights; the others share "
            f"{shown_percent(max(0.0, others))}"
        )
    if frame.fields["sink"] is not None:
        taken = shown_percent(max(0.0, 1 - weights.sum()))
        notes.append(f"what is no token here takes {taken} of the softmax: a sink, or silence")
    return notes
