"""One HTML file that shows a widget without a kernel."""

from attnwidget.export.contents import Contents, read_contents
from attnwidget.export.export import export_html
from attnwidget.export.write import check_path, write_file

__all__ = ["Contents", "check_path", "export_html", "read_contents", "write_file"]
