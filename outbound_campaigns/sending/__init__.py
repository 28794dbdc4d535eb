"""One message: claimed, sent once, and its outcome recorded.

Others use: abandoned, dispatcher, pace, preparation, previewing, test_sends, window.
"""
