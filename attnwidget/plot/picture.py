"""A figure that notebooks draw."""

from io import BytesIO

from matplotlib.figure import Figure

DPI = 120


class Picture(Figure):
    """A figure that is drawn at the end of a cell without pyplot."""

    def _repr_png_(self) -> bytes:
        buffer = BytesIO()
        self.savefig(buffer, format="png", bbox_inches="tight", dpi=DPI)
        return buffer.getvalue()
