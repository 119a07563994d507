import pytest

from attnwidget import AttentionWidget
from attnwidget.bertviz import output


@pytest.fixture
def displayed(monkeypatch) -> list[AttentionWidget]:
    """The widgets that were put on display."""
    widgets: list[AttentionWidget] = []
    monkeypatch.setattr(output, "display", widgets.append)
    return widgets
