"""Deterministic markets written as genuine vendor bytes: what the demo and the big tests run on."""
