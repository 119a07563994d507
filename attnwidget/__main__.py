"""``python -m attnwidget``."""

import sys

from attnwidget.command_line import main

if __name__ == "__main__":
    sys.exit(main())
