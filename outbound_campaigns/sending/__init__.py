"""Claims each message, sends it once, and records its outcome.

Others use: abandoned, dispatcher, due_rows, pace, preparation, previewing, test_sends, window.
"""
