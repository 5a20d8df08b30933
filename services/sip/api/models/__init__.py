"""What is sent to and told by /api/v1, as pydantic models."""
