import sys; sys.path.insert(0,"/tmp/rows")
import importlib, rows, pytest
from lakeflow.project import open_project
from lakeflow.errors import ConfigError
FIL='import polars as pl\n\n\ndef dear() -> pl.Expr:\n    return pl.col("price") > 100\n\n\ndef above(least: int) -> pl.Expr:\n    return pl.col("price") > least\n'
def test_rows(toy):
    root = toy({"filters/toy.py": FIL})
    for g in [x for x in ("FORM","WIRING","CALLS") if hasattr(rows,x)]:
      for f,o,n in getattr(rows,g):
        t=(root/f).read_text(); 
        if t.count(o)!=1: print('!!!!',o,t.count(o)); continue
        toy({f:t.replace(o,n)})
        try: open_project(root); m=["NO FAULT"]
        except ConfigError as e: m=e.faults
        toy({f:t})
        print(repr(n)); [print("     ",x) for x in m]
