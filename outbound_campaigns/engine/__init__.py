"""The processes that send: who leads, who is alive, and what is done again and again.

Others use: heartbeat, lease, permit, queue_tables, reconciling, restored_copy, waking.
"""
