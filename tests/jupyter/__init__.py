"""The widget in real notebooks: JupyterLab 4 and Notebook 7, served by one server."""
