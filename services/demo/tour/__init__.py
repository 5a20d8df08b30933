"""The guided tour: one real case through a running demo, with the proof of each step."""
