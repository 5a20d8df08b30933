"""`make bench`: a running demo's sip api measured beside the ceilings of this machine, in one run."""
