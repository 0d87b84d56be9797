"""The project's own selections made importable, as opening the project does."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
