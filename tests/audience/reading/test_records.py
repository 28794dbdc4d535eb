"""Lines are found however the text is cut into blocks, and none grows without bound."""

import io

from hypothesis import given
from hypothesis import strategies as st

from outbound_campaigns.audience.reading.records import LONGEST_RECORD, Records, lines


@given(st.text("ab\r\n\x85\u2028", max_size=30), st.integers(1, 5))
def test_lines_do_not_depend_on_where_blocks_are_cut(text: str, size: int) -> None:
    blocks = [text[at : at + size] for at in range(0, len(text), size)]
    assert list(lines(blocks)) == list(io.StringIO(text, newline=""))


@given(st.integers(0, 3), st.sampled_from(["\n", "\r\n", "\r"]))
def test_an_over_long_line_keeps_its_beginning_and_whether_its_quotes_are_even(quotes: int, end: str) -> None:
    blocks = [
        "x" * LONGEST_RECORD,
        "y" * LONGEST_RECORD,
        '"' * quotes,
        "z" * LONGEST_RECORD,
        end[:1],
        end[1:],
        "after",
    ]
    cut, after = lines(blocks)
    assert len(cut) < LONGEST_RECORD + 10
    assert cut.count('"') % 2 == quotes % 2
    assert after == "after"


def test_a_row_that_is_too_large_leaves_the_others_alone() -> None:
    records = Records(["a\n", "x" * (LONGEST_RECORD + 1) + "\n", "b\n"], ",")
    seen = [(records.row, cells, records.too_large is not None) for cells in records]
    assert seen == [(1, ["a"], False), (2, [], True), (3, ["b"], False)]
