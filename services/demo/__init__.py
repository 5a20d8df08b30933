"""The demo: an embedded mongod, an authorization server, a generated county and the guided tour."""
