"""Databento's DBN files: strict reading, exact writing, symbols by date, and what a delivered file is."""
