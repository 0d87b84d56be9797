"""Stages whose rows name what to make: contract-day, expiries and strikes, universe."""
