"""The `lakeflow` command: thin words around the engine, each importing what it needs only when it runs."""
