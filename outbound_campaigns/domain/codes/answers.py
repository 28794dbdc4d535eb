"""The codes of our own sending: what came of one request, as an attempt keeps it.

`http_4xx` and `http_5xx` stand for every status of theirs that has no row of its own.
"""

from outbound_campaigns.domain.codes.code import read_table

ANSWERS = read_table("answers")
