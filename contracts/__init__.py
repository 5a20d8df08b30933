"""What the services hold to, between themselves and towards everybody else."""
