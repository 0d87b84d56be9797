"""Stages that turn delivered vendor files into exact tables, one row a record."""
