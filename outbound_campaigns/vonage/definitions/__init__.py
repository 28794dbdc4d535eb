"""A template as a form: its slots, what fills them, the message that comes of it, what Meta would refuse."""
