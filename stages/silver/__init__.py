"""Stages that rebuild state from bronze records: books, trades, labels."""
