"""The shapes of the API; what they refuse, the OpenAPI says too."""
