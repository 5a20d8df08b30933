"""Continuity of care as figures: pure functions, exact fractions; what is undefined is None and never 0."""
