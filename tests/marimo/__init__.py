"""The widget in marimo: notebooks run as apps, in Chromium."""
