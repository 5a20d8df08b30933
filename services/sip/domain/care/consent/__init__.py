"""Consents, objections and blocks: who gives them, on what law, for how long."""
