"""Plain JSON: events in, inbox, deliveries."""
