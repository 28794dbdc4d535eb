"""The processes that send: who leads, who is alive, and what is done again and again."""
