"""Judges recipients by the cells that their message uses: at their import, and when that changes."""
