"""What stands in double braces: a template's placeholders, and columns in a campaign's texts."""

from __future__ import annotations

import re

PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
"""a number or a name, as Meta's templates have them"""

COLUMN = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
"""a column's name as its file writes it, blanks and signs included"""
