"""Stores rows: transactions, tables, migrations, and the mark that tells a copy from the original.

Others use: base, copy_mark, failures, group_commit, json_rows, migrations.tables, migrations.upgrade, models,
postgresql_session, statements, transactions.
"""
