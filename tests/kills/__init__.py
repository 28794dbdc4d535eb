"""Engines that are killed with -9, frozen, or cut off from their database."""
