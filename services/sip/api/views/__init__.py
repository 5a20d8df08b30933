"""Resources as plain JSON that a person understands; pure functions."""
