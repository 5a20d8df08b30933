"""A small OAuth 2 authorization server for the demo: client credentials only, tokens as RFC 9068 has them."""
