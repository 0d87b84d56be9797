"""A prediction-market venue that knows its own truth, written as the shards that recorders of it would have kept."""
