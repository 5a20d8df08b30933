"""What keeps one of the demo's commands from its work."""


class Obstacle(Exception):
    """Something is missing or in the way; the text is one line that ends with what mends it."""
