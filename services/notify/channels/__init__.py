"""The ways out: one file a channel, and the question to sip whether a unit may know."""
