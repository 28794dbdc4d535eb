"""A campaign: its row, its actions, and every rule that moves, holds or guards it.

Others use: actions, allowed_actions, bulk_moves, campaign_rows, canary, counting, editing, failure_limit,
failure_reports, in_doubt, opt_outs, recounting, retrying, skipping, spending, transitions.
"""
