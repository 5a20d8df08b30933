"""Wiring of notify's processes: settings are read, parts are made and handed to each other, here alone."""
