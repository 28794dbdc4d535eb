"""How rows are kept: transactions, tables, migrations, and the mark that tells a copy from the original."""
