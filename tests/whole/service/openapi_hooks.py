"""For schemathesis: ids that may exist become ids that do, so that views are reached and not only 404."""

from typing import Any

import schemathesis

CAMPAIGNS = 20
LARGEST = 9_223_372_036_854_775_807


@schemathesis.hook
def map_path_parameters(_context: object, path_parameters: dict[str, Any] | None) -> dict[str, Any] | None:
    for name, value in (path_parameters or {}).items():
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= LARGEST:
            path_parameters[name] = value % CAMPAIGNS + 1  # type: ignore[index]
    return path_parameters
