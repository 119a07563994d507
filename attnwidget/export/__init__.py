"""Exported files: one HTML file that shows a widget without a kernel."""

from attnwidget.export.contents import read_contents
from attnwidget.export.export import export_html
from attnwidget.export.html import short_title
from attnwidget.export.saved import page_shell, saved_payload
from attnwidget.export.write import check_path, write_file

__all__ = [
    "check_path",
    "export_html",
    "page_shell",
    "read_contents",
    "saved_payload",
    "short_title",
    "write_file",
]
