"""sip: the coordinated plans and fixed contacts, their rules, their store and the ways in."""
