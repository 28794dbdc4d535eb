"""Decides what the rules of a role allow, as Botpress does (common/auth.ts)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import zip_longest
from typing import Literal

Operation = Literal["read", "write"]

_SEPARATOR = re.compile(r"[/.]")
_SIGNED_LETTERS = re.compile(r"([+-])([rw]+)")


def allows(rules: object, operation: Operation, resource: str) -> bool:
    """Return whether the rules `[{"res": "module.*", "op": "+r-w"}, …]` allow an operation on a resource.

    The last rule that matches the resource and mentions the operation decides; without one it is not
    allowed. A rule on a resource covers what is below it, not what is above. Anything that is not a rule is
    ignored.
    """
    allowed = False
    for rule in rules if isinstance(rules, Iterable) else ():
        if not isinstance(rule, dict):
            continue
        pattern, ops = rule.get("res"), rule.get("op")
        if isinstance(pattern, str) and isinstance(ops, str) and _matches(pattern, resource):
            allowed = _verdicts(ops).get(operation[0], allowed)
    return allowed


def _matches(pattern: str, resource: str) -> bool:
    """Compare part by part; `*` is any part, or none. Parts of a resource beyond its pattern are ignored."""
    if "*" not in pattern:
        pattern += ".*"
    wanted = _SEPARATOR.split(pattern.lower())
    parts = _SEPARATOR.split(resource.lower())[: len(wanted)]
    return all(want in ("*", part) for want, part in zip_longest(wanted, parts))


def _verdicts(ops: str) -> dict[str, bool]:
    """Return {"r": True, "w": False} for `+r-w`."""
    return {
        letter: sign == "+" for sign, letters in _SIGNED_LETTERS.findall(ops.lower()) for letter in letters
    }
