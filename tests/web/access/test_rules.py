"""A role's rules allow what Botpress would allow."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbound_campaigns.web.access.rules import allows
from tests.support.botpress_users import ROLES

MODULE = "module.outbound-campaigns"


def rights(*rules: tuple[str, str], resource: str = MODULE) -> str:
    """Those that the rules (pattern, operations) give: rw, r, w or nothing."""
    given = [{"res": pattern, "op": ops} for pattern, ops in rules]
    return "".join(op[0] for op in ("read", "write") if allows(given, op, resource))


@pytest.mark.parametrize(
    ("role", "expected"), [("admin", "rw"), ("dev", "rw"), ("editor", "r"), ("agent", "r")]
)
def test_the_roles_of_every_workspace(role: str, expected: str) -> None:
    assert rights(*((rule["res"], rule["op"]) for rule in ROLES[role])) == expected


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ("*", True),
        ("module.*", True),
        ("module", True),
        ("module.outbound-campaigns", True),
        ("module/outbound-campaigns", True),
        ("MODULE.Outbound-Campaigns", True),
        ("module.outbound-campaigns.*", True),
        ("*.outbound-campaigns", True),
        ("*.*.*", True),
        ("module.outbound-campaigns.send", False),
        ("module.outbound-campaigns-x", False),
        ("module.outbound", False),
        ("module.outbound-*", False),
        ("module.*.send", False),
        ("admin.*", False),
        ("", False),
    ],
)
def test_a_pattern_is_matched_part_by_part(pattern: str, matches: bool) -> None:
    assert (rights((pattern, "+r+w")) == "rw") is matches


def test_a_rule_covers_what_is_below_its_resource() -> None:
    assert rights((MODULE, "+r+w"), resource=f"{MODULE}.send") == "rw"
    assert rights((f"{MODULE}.send", "+r+w"), resource=MODULE) == ""


@pytest.mark.parametrize(
    ("ops", "expected"),
    [("+r", "r"), ("+w", "w"), ("+r+w", "rw"), ("+rw", "rw"), ("+r-w", "r"), ("-rw", ""), ("-r+w", "w"),
     ("+R-W", "r"), ("rw", ""), ("", ""), ("+", ""), ("+x", ""), ("-w+w", "w"), ("+w-w", "")],
)  # fmt: skip
def test_each_letter_has_the_sign_before_it(ops: str, expected: str) -> None:
    assert rights(("*", ops)) == expected


def test_the_last_rule_that_speaks_of_an_operation_holds() -> None:
    assert rights(("*", "+r+w"), (MODULE, "-w")) == "r"
    assert rights((MODULE, "-w"), ("*", "+r+w")) == "rw"
    assert rights(("*", "+r+w"), ("admin.*", "-r-w")) == "rw"


def test_without_a_rule_nothing_is_allowed() -> None:
    assert rights() == ""


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["res", "op"]) | st.text(), inner),
)


@given(json_values)
def test_no_rules_whatever_break_the_check(rules: Any) -> None:
    assert allows(rules, "read", MODULE) in (True, False)


names = st.sampled_from(["*", "module", "outbound-campaigns", "send", "admin", "Module"])
patterns = st.lists(names, min_size=1, max_size=4).map(".".join)
operations = st.sampled_from(["+r", "-r", "+w", "-w", "+r+w", "-rw", "+r-w"])
rule_lists = st.lists(st.tuples(patterns, operations), max_size=6)


@given(rule_lists, json_values)
def test_what_is_no_rule_changes_nothing(rules: list[tuple[str, str]], junk: Any) -> None:
    good: list[Any] = [{"res": pattern, "op": ops} for pattern, ops in rules]
    junk = None if isinstance(junk, dict) and {"res", "op"} <= junk.keys() else junk
    assert allows([*good, junk, {"res": "*"}, {"op": "-rw"}], "write", MODULE) is allows(
        good, "write", MODULE
    )


@given(rule_lists)
def test_a_last_rule_on_everything_decides_alone(rules: list[tuple[str, str]]) -> None:
    assert rights(*rules, ("*", "-rw")) == ""
    assert rights(*rules, ("*", "+rw")) == "rw"


@given(rule_lists, st.sampled_from([str.upper, str.title, lambda text: text.replace(".", "/")]))
def test_case_and_separator_make_no_difference(
    rules: list[tuple[str, str]], spelled: Callable[[str], str]
) -> None:
    assert rights(*((spelled(pattern), ops) for pattern, ops in rules)) == rights(*rules)


@given(rule_lists)
def test_a_rule_that_covers_the_module_covers_its_parts(rules: list[tuple[str, str]]) -> None:
    shallow = [(pattern, ops) for pattern, ops in rules if pattern.count(".") < 2]
    assert rights(*shallow, resource=f"{MODULE}.send") == rights(*shallow)
