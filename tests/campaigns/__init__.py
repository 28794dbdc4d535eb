"""What can be done to a campaign, and what the engine does for it."""
