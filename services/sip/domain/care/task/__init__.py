"""Tasks of a plan: their life cycle and who takes each step."""
