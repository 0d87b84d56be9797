"""Imports of project code that always read the source, never a compiled file beside it.

Python trusts a compiled file by the second and the size of its source. An edit within the same second that keeps the size
would run the old code under the new code's recipe.
"""

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType

from lakeflow.code import PROJECT


class FreshLoader(SourceFileLoader):
    """Compiles the source as it is now."""

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


class FreshFinder:
    """Finds what Python would find, and loads a project's modules by source alone."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name.partition(".")[0] not in PROJECT:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = FreshLoader(spec.loader.name, spec.loader.path)
        return spec


def read_project_source() -> None:
    """Have project modules loaded by source from now on."""
    if FreshFinder not in sys.meta_path:
        sys.meta_path.insert(0, FreshFinder)
