"""The yearly report of a county and its municipalities: one page that needs nothing else, in plain Swedish."""
