"""The shapes of the API; the OpenAPI document states all that they refuse."""
