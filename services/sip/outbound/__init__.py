"""What leaves sip: the events of the outbox, on their way to notify."""
