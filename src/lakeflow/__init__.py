"""lakeflow makes exactly the partitions of a data lake whose recipe is not the one they were made by."""

__version__ = "0.1.0"
