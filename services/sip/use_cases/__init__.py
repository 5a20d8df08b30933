"""What a caller can do, one file each; I/O comes in through the ports."""
