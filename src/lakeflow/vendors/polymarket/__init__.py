"""What Polymarket's answers and messages mean: shards of what was fetched or captured in, typed rows out."""
