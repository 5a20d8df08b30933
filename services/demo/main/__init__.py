"""Entries of the demo's commands, one file each so that each loads only what it needs."""
