"""The channels, one file each: whatever is put here is a channel, with nothing else to change.

A module says its NAME and makes its channel with `channel(parts)`. A channel to addresses that units set also has
`read_address(text, options)`, which gives the address in its own form or raises ValueError with what is wrong; it is
offered when the operator has set options for it.
"""
