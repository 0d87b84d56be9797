"""Project code is run as its source stands, whatever compiled files lie beside it."""

import os
import sys

from lakeflow.functions import forget_modules, load_function


def test_an_edit_of_the_same_second_and_size_is_run(toy, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    root = toy({"stages/silver/answer.py": '"""One number."""\n\n\ndef number() -> int:\n    return 1\n'})
    file = root / "stages/silver/answer.py"
    before = file.stat()
    assert load_function("stages.silver.answer.number", root)() == 1
    file.write_text(file.read_text().replace("return 1", "return 2"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    forget_modules()
    assert load_function("stages.silver.answer.number", root)() == 2
