"""An environment of their own for the books that ours is measured against, made once under `.bench/`."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
WANTED = Path(__file__).with_name("peers.txt")
OLDEST = (3, 12)  # nautilus_trader has no wheel for an older Python
NEWEST = (3, 13)
LIMIT = 900  # seconds for an installation; half a gigabyte comes over the net


class NoPeersError(Exception):
    """Why there are no peers on this machine."""


def peers_python() -> Path:
    """The interpreter that has the peers, installed first where it is not yet; the pins decide whether it is."""
    folder = ROOT / ".bench"
    python, stamp = folder / "venv/bin/python", folder / "peers.installed"
    pins = WANTED.read_text()
    if not python.exists() or not stamp.exists() or stamp.read_text() != pins:
        folder.mkdir(exist_ok=True)
        (folder / ".gitignore").write_text("*\n")
        _install(folder / "venv", python)
        stamp.write_text(pins)
    return python


def fault(words: Sequence[str], limit: float) -> str:
    """What is wrong with a command that should come to its end; nothing where it does."""
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=limit)
    except subprocess.TimeoutExpired:
        return f"no end after {limit:g} s"
    if done.returncode < 0:
        return f"killed by signal {-done.returncode}"
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()] or ["it says nothing"]
        return said[-1]
    return ""


def _install(folder: Path, python: Path) -> None:
    print("installing the peers into .bench/venv, once ...", file=sys.stderr, flush=True)
    _run(_newer_python(), "-m", "venv", "--clear", folder)
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    _run(*pip, "--no-deps", "--only-binary", ":all:", "-r", WANTED)


def _run(*words: str | Path) -> None:
    if why := fault([str(word) for word in words], LIMIT):
        raise NoPeersError(f"{Path(words[0]).name} {words[1]} {words[2]} failed: {why}")


def _newer_python() -> Path:
    for candidate in _pythons():
        done = subprocess.run(
            [candidate, "-c", "import sys, venv, ensurepip; print(*sys.version_info[:2])"],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0 and OLDEST <= tuple(map(int, done.stdout.split())) <= NEWEST:
            return candidate
    raise NoPeersError(
        f"nautilus_trader needs Python {OLDEST[0]}.{OLDEST[1]} or {NEWEST[0]}.{NEWEST[1]}, and none is on PATH or under ~/.pyenv"
    )


def _pythons() -> Iterator[Path]:
    """Interpreters by the usual names: this one, those on PATH, those of pyenv."""
    yield Path(sys.executable)
    names = [f"python{major}.{minor}" for major, minor in (OLDEST, NEWEST)]
    folders = [Path(folder) for folder in os.get_exec_path()]
    versions = Path.home() / ".pyenv/versions"
    folders += sorted(folder / "bin" for folder in versions.glob("3.*"))
    for folder in folders:
        yield from (folder / name for name in names if (folder / name).is_file())
