"""Refusals: what the product will not do, in words for the operator who asked."""
