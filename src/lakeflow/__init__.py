"""lakeflow makes exactly the partitions of a data lake whose recipe is not the one they were made by."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lakeflow.project import open_project as open  # noqa: A004, F401  lakeflow.open(".") is how a project is opened

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """`lakeflow.open`, imported when asked for: a stage that imports a domain package must not load the engine."""
    if name == "open":
        from lakeflow.project import open_project

        return open_project
    raise AttributeError(f"module 'lakeflow' has no attribute {name!r}")
