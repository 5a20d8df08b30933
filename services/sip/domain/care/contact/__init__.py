"""Fixed contacts: who they are, from when to when, and how one follows another."""
