"""A campaign: its row, its actions, and every rule that moves, holds or guards it."""
