"""Claims each message, sends it once, and records its outcome.

Others use: abandoned, dispatcher, pace, preparation, previewing, test_sends, window.
"""
