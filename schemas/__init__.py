"""Messages: what crosses the bus. Imports the standard library and msgspec, nothing else."""
