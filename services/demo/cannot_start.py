"""Why the demo cannot start."""


class CannotStart(Exception):
    """Something is missing or in the way; the text is one line that ends with what mends it."""
