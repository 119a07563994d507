"""The widget in a plain page in Chromium, connected to real Python."""
