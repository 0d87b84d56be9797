"""The settings in force and where each comes from: flag, environment, project file, user file, default."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from lakeflow.errors import ConfigError
from lakeflow.nearby import nearest
from lakeflow.settings import SETTINGS, Wrong, from_text, from_toml

PREFIX = "LAKEFLOW_"
FILE = "lakeflow.toml"
PYPROJECT = "pyproject.toml"


@dataclass(frozen=True)
class Config:
    """The settings in force; `origins` says of each where it was said."""

    lake: Path
    workers: int | None
    memory_gb: float | None
    color: str
    log_file: Path | None
    wait: float
    query_memory_gb: float
    origins: Mapping[str, str] = field(default_factory=dict)

    def rows(self) -> list[dict[str, Any]]:
        """One row a setting, for `lakeflow config show --origin`."""
        return [
            {
                "setting": key,
                "value": _plain(getattr(self, key)),
                "origin": self.origins[key],
                "about": setting.about,
            }
            for key, setting in SETTINGS.items()
        ]


class Layer(NamedTuple):
    """What one place says, and what is wrong with how it says it."""

    values: dict[str, tuple[Any, str]]
    faults: list[str]


def read_config(root: Path | None, flags: Mapping[str, Any], env: Mapping[str, str], here: Path) -> Config:
    """The settings for a project root; every fault of every place in one ConfigError.

    A relative path on the command line or in the environment is seen from `here`, in a file from the project root.
    """
    home = root or here
    layers = [
        _flags(flags, here),
        _environment(env, here),
        *(_file(path, table, home) for path, table in _project_files(root)),
        _file(user_file(env), "", home),
        Layer({key: (_default(key, home), "default") for key in SETTINGS}, []),
    ]
    if faults := [fault for layer in layers for fault in layer.faults]:
        raise ConfigError(faults)
    said = {key: next(layer.values[key] for layer in layers if key in layer.values) for key in SETTINGS}
    return Config(
        **{key: value for key, (value, _) in said.items()},
        origins={k: origin for k, (_, origin) in said.items()},
    )


def user_file(env: Mapping[str, str]) -> Path:
    """Where the settings of this user are, in every project; the folder is XDG's."""
    folder = env.get("XDG_CONFIG_HOME", "")
    base = Path(folder) if Path(folder).is_absolute() else Path(env.get("HOME") or Path.home()) / ".config"
    return base / "lakeflow" / "config.toml"


def unread_variables(env: Mapping[str, str]) -> list[str]:
    """The LAKEFLOW_ variables that name no setting: most likely one misspelled, so the command says so."""
    known = {PREFIX + key.upper() for key in SETTINGS}
    return sorted(name for name in env if name.startswith(PREFIX) and name not in known)


def _project_files(root: Path | None) -> list[tuple[Path, str]]:
    return [(root / FILE, ""), (root / PYPROJECT, "tool.lakeflow")] if root else []


def _flags(flags: Mapping[str, Any], here: Path) -> Layer:
    """Flags that were given; the command has seen to their types, so what is left are bounds and paths."""
    values, faults = {}, []
    for key, given in flags.items():
        if given is not None:
            flag = f"--{key.replace('_', '-')}"
            value = from_text(SETTINGS[key], str(given), here)
            if isinstance(value, Wrong):
                faults.append(f"{flag}: expected {value.expected}, found {value.found}")
            values[key] = (value, flag)
    return Layer(values, faults)


def _environment(env: Mapping[str, str], here: Path) -> Layer:
    values, faults = {}, []
    for key, setting in SETTINGS.items():
        name = PREFIX + key.upper()
        if text := env.get(name, "").strip():  # set to nothing is not set
            value = from_text(setting, text, here)
            if isinstance(value, Wrong):
                faults.append(f"environment: {name}: expected {value.expected}, found {value.found}")
            values[key] = (value, name)
    return Layer(values, faults)


def _file(path: Path, table: str, folder: Path) -> Layer:
    try:
        content: Any = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Layer({}, [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return Layer({}, [f"{path}: expected a TOML file that can be read, found {error}"])
    for part in filter(None, table.split(".")):
        content = content.get(part, {})
        if not isinstance(content, dict):
            return Layer({}, [f"{path}: {table}: expected a table of settings, found {content!r}"])
    return _settings(path, table, content, folder)


def _settings(path: Path, table: str, content: Mapping[str, Any], folder: Path) -> Layer:
    values, faults = {}, list(_unknown(path, table, content))
    for key in content.keys() & SETTINGS.keys():
        value = from_toml(SETTINGS[key], content[key], folder)
        if isinstance(value, Wrong):
            faults.append(f"{path}: {_dotted(table, key)}: expected {value.expected}, found {value.found}")
        values[key] = (value, f"{path.name} [{table}]" if table else str(path))
    return Layer(values, sorted(faults))


def _unknown(path: Path, table: str, content: Mapping[str, Any]) -> Iterator[str]:
    for key in content.keys() - SETTINGS.keys():
        meant = nearest(key, SETTINGS, 1)
        hint = f"; did you mean {meant[0]}?" if meant else ""
        yield f"{path}: {_dotted(table, key)}: expected one of {', '.join(sorted(SETTINGS))}; found {key}{hint}"


def _default(key: str, folder: Path) -> Any:
    setting = SETTINGS[key]
    return folder / setting.default if setting.kind == "path" and setting.default else setting.default


def _dotted(table: str, key: str) -> str:
    return f"{table}.{key}" if table else key


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Path) else value
