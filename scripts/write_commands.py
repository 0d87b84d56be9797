"""Print docs/commands.md from the command itself: every command, argument and option with its help."""

from typing import Any

import typer

from lakeflow.cli.main import app

HEAD = """# Commands

Written by `make docs` from the command itself; a test keeps it true. `lakeflow COMMAND --help` says the same.

stdout is data, stderr is talk. `--json` prints one object with `schema_version`; an error is
`{"error": {"code", "kind", "message", "hint"}}`. Both ends of a range of dates are inclusive. Exit codes: [operations](operations.md).
"""


def main() -> None:
    """Print the page."""
    print(page(), end="")


def page() -> str:
    root: Any = typer.main.get_command(app)
    return HEAD + "".join(section(name, command) for name, command in walk(root, "lakeflow"))


def walk(command: Any, name: str) -> list[tuple[str, Any]]:
    """Every command below, groups opened, in the order that --help lists them."""
    if hasattr(command, "commands"):
        return [pair for sub, child in command.commands.items() for pair in walk(child, f"{name} {sub}")]
    return [(name, command)]


def section(name: str, command: Any) -> str:
    words = " ".join((command.help or "").split())
    lines = [f"\n## `{name}`\n", f"{words}\n"]
    lines += [row(parameter) for parameter in command.params if parameter.name != "help"]
    return "\n".join(lines) + "\n"


def row(parameter: Any) -> str:
    is_argument = parameter.param_type_name == "argument"
    names = parameter.name.upper() if is_argument else ", ".join(parameter.opts)
    return f"- `{names}` {' '.join((parameter.help or '').split())}".rstrip()


if __name__ == "__main__":
    main()
