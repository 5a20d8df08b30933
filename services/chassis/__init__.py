"""What both services need and holds no care: tokens, logs, metrics, health, errors on the wire, the server."""
