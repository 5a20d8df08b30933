"""notify: tells those who have the right to know what happened in the record. Holds ids, no care data."""
