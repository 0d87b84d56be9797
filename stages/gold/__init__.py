"""Stages that make what people study, on the session's clock."""
