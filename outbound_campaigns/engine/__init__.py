"""The processes that send: which one leads, which are alive, and the work that they repeat.

Others use: heartbeat, lease, permit, queue_tables, reconciling, restored_copy, waking.
"""
