"""Boolean polars expressions by layer: bronze hard rejects, silver soft flags, gold strict."""
