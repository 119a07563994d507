"""What a figure shows once it is drawn."""

from matplotlib.backends.backend_agg import FigureCanvasAgg


def rendered(figure):
    """Draw a figure and return its canvas."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return canvas


def texts(figure):
    """Return every text that shows, with its place on the canvas in pixels."""
    renderer = rendered(figure).get_renderer()
    shown = [
        text
        for axis in all_axes(figure)
        for text in (axis.title, axis.xaxis.label, axis.yaxis.label, *axis.texts, *labels(axis))
        if text.get_visible() and text.get_text()
    ]
    return [(text, text.get_window_extent(renderer)) for text in shown]


def labels(axis):
    """Return the labels of the ticks that are in view."""
    sides = (
        (axis.get_xticks(), axis.get_xticklabels(), axis.get_xlim()),
        (axis.get_yticks(), axis.get_yticklabels(), axis.get_ylim()),
    )
    return [
        label
        for places, texts, limits in sides
        for place, label in zip(places, texts, strict=True)
        if min(limits) <= place <= max(limits)
    ]


def all_axes(figure):
    """Return the axes of a figure, colour bars inside of others included."""
    found = []
    for axis in figure.axes:
        found += [axis, *(child for child in axis.child_axes if child not in found)]
    return found


def images(figure):
    """Return the matrices of a figure in order, colour bars left out."""
    return [image for axis in figure.axes for image in axis.images]


def tokens_of(axis):
    """Return the labels of the queries and of the keys by position."""
    return [
        {round(place): label.get_text() for place, label in zip(ticks, labels, strict=True)}
        for ticks, labels in (
            (axis.get_yticks(), axis.get_yticklabels()),
            (axis.get_xticks(), axis.get_xticklabels()),
        )
    ]
