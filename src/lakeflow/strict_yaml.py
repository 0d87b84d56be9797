"""YAML read strictly: a key said twice is a fault with its line, where PyYAML would silently keep the last."""

from pathlib import Path
from typing import Any

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> tuple[Any, list[str]]:
    """The file's value and every fault found on the way: not YAML at all, or keys said twice."""
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=LOADER)
    except OSError as error:
        return None, [f"{path.name}: cannot be read: {error.strerror}"]
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        return None, [f"{path.name}: not valid YAML: {' '.join(str(error).split())}"]
    faults = [f"{path.name}:{line}: {key} is said twice; keep one" for key, line in said_twice(node)]
    return yaml.load(text, Loader=LOADER), faults  # noqa: S506  CSafeLoader is a safe loader


def said_twice(node: yaml.Node | None, prefix: str = "") -> list[tuple[str, int]]:
    """Every repeated mapping key below a node, as a dotted name and its line."""
    found: list[tuple[str, int]] = []
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            found += said_twice(item, prefix)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = f"{prefix}{key.value}"
            if key.value in seen:
                found.append((name, key.start_mark.line + 1))
            seen.add(key.value)
            found += said_twice(value, f"{name}: ")
    return found
