"""What a caller, or the worker, can do; one file each."""
