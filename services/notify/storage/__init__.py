"""MongoDB: the only place where its driver is imported."""
