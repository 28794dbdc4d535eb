"""Nobody learns or changes anything that Botpress would not let them."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from werkzeug.routing import Rule

from tests.support.botpress_users import INTERNAL
from tests.support.site import ADMIN, BOT, DEV, DISABLED_BOT, EDITOR, OTHER_BOT, STRANGER, Site, body

PUBLIC = {"panel.panel_file", "hosted.fetch_media", "webhooks.take_receipt", "webhooks.take_message"}
AT_THE_ROOT = {"health.alive": "/livez", "health.ready": "/readyz", "health.metrics": "/metrics"}
"""no bot's, and with nothing of a bot in them but for who has the token of /metrics (tests/metrics)"""


def requests_of(site: Site) -> Iterator[tuple[str, str, Rule]]:
    """Every method of every route of a bot, as a path below the base."""
    for rule in site.app.url_map.iter_rules():
        assert rule.methods is not None
        if rule.endpoint in AT_THE_ROOT:
            continue
        path = re.sub(r"<string:bot_id>", BOT, rule.rule)
        path = re.sub(r"<[^>]*>", "1", path).partition("/mod/outbound-campaigns")[2]
        for method in sorted(rule.methods):
            yield method, path, rule


def test_every_route_but_the_panels_files_wants_a_token(sqlite_site: Site) -> None:
    seen = 0
    for method, path, rule in requests_of(sqlite_site):
        if rule.endpoint not in PUBLIC:
            answer = sqlite_site.ask(method, path, user=None)
            assert answer.status_code == 401, (method, path)
            seen += 1
    assert seen >= 30


def test_nothing_else_lies_outside_the_module(sqlite_site: Site) -> None:
    rules = sqlite_site.app.url_map.iter_rules()
    assert {rule.endpoint: rule.rule for rule in rules if "/mod/outbound-campaigns" not in rule.rule} == (
        AT_THE_ROOT
    )


def test_an_editor_may_read_everything_and_change_nothing(sqlite_site: Site) -> None:
    for method, path, rule in requests_of(sqlite_site):
        if rule.endpoint not in PUBLIC:
            answer = sqlite_site.ask(method, path, user=EDITOR)
            allowed = method in ("GET", "HEAD")
            assert (answer.status_code != 403) == allowed, (method, path, answer.status_code)


@pytest.mark.parametrize("user", [ADMIN, DEV])
def test_a_super_admin_and_a_dev_may_write(sqlite_site: Site, user: str) -> None:
    answer = sqlite_site.post("/campaigns", {"name": "x", "template_id": "y"}, user=user)
    assert answer.status_code == 201
    assert body(answer)["created_by"] == user


def test_a_module_of_botpress_may_write_without_being_a_user(sqlite_site: Site) -> None:
    answer = sqlite_site.post("/campaigns", {"name": "x", "template_id": "y"}, user=INTERNAL)
    assert body(answer)["created_by"] == INTERNAL


def test_an_editor_is_told_in_botpresss_words_and_in_ours(sqlite_site: Site) -> None:
    answer = sqlite_site.post("/campaigns", {"name": "x", "template_id": "y"}, user=EDITOR)
    assert answer.status_code == 403
    said = body(answer)
    assert said["errorCode"] == "BP_0043"
    assert said["type"] == "ForbiddenError"
    assert said["message"] == (
        "Forbidden: user does not have sufficient permissions to "
        '"write" on resource "module.outbound-campaigns"'
    )
    assert "administrador" in said["details"]


def test_a_member_of_another_workspace_is_refused(sqlite_site: Site) -> None:
    assert sqlite_site.get("/campaigns", user=STRANGER).status_code == 403
    assert sqlite_site.get("/campaigns", user=STRANGER, bot=OTHER_BOT).status_code == 200
    assert sqlite_site.get("/campaigns", user=DEV, bot=OTHER_BOT).status_code == 403


def test_a_forged_workspace_opens_nothing(sqlite_site: Site) -> None:
    forged = {"X-BP-Workspace": "elsewhere"}
    assert sqlite_site.get("/campaigns", user=STRANGER, headers=forged).status_code == 403
    assert sqlite_site.get("/campaigns", user=DEV, headers=forged).status_code == 403
    own = {"X-BP-Workspace": "default"}
    assert sqlite_site.get("/campaigns", user=DEV, headers=own).status_code == 200


@pytest.mark.parametrize(
    ("bot", "message"),
    [
        ("no-such-bot", "Not Found: Invalid Bot ID"),
        ("___", "Not Found: Invalid Bot ID"),
        ("..%2f..%2fetc", "Not Found: Invalid Bot ID"),
        (DISABLED_BOT, "Not Found: Bot is disabled"),
    ],
)
def test_an_unknown_or_disabled_bot_is_botpresss_own_404(sqlite_site: Site, bot: str, message: str) -> None:
    answer = sqlite_site.get("/status", bot=bot)
    assert answer.status_code == 404
    if "%2f" not in bot:
        assert body(answer)["errorCode"] == "BP_0044"
        assert body(answer)["message"] == message


@pytest.mark.parametrize("state", ["booting", "reset", "html"])
def test_a_botpress_that_cannot_be_asked_is_503_and_not_allowed(sqlite_site: Site, state: str) -> None:
    sqlite_site.botpress.set_state(state)  # type: ignore[arg-type]
    answer = sqlite_site.get("/campaigns", user=DEV)
    assert answer.status_code == 503
    assert "Botpress" in body(answer)["message"]
    assert sqlite_site.get("/campaigns", user=None).status_code == 401


def test_a_stopped_botpress_is_503(sqlite_site: Site) -> None:
    sqlite_site.botpress.stop()
    assert sqlite_site.get("/campaigns").status_code == 503


def test_no_token_is_answered_as_botpress_answers(sqlite_site: Site) -> None:
    said = body(sqlite_site.get("/status", user=None))
    assert said["statusCode"] == 401
    assert said["errorCode"] == "BP_0041"
    assert said["type"] == "UnauthorizedError"
    assert said["message"] == "Unauthorized: Authorization header is missing"
    assert said["docs"] == "https://botpress.com/docs"


def a_body(method: str, path: str) -> dict[str, Any]:
    if path.endswith("/upload-csv"):
        return {"data": {"file": (BytesIO(b"phone_number"), "x.csv")}}
    if (method, path.rpartition("/")[2]) == ("POST", "recipients"):
        return {"json": {"recipients": [{"phone_number": "4425550199"}]}}
    if path.endswith("/schedule"):
        return {"json": {"scheduled_at": "2030-01-01T00:00:00Z"}}
    if path.endswith("/resolve"):
        return {"json": {"as": "sent"}}
    if path.endswith("/test-send"):
        return {"json": {"phone_number": "4425550199"}}
    return {"json": {}} if method == "PUT" else {}


def test_ids_of_another_bot_are_not_there(sqlite_site: Site) -> None:
    theirs = sqlite_site.filled(bot=OTHER_BOT)
    for method, path, rule in requests_of(sqlite_site):
        if "campaign_id" in rule.arguments and method != "OPTIONS":
            place = path.replace("/campaigns/1", f"/campaigns/{theirs}")
            answer = sqlite_site.ask(method, place, user=DEV, **a_body(method, path))
            assert answer.status_code == 404, (method, path, answer.text)
    assert body(sqlite_site.get("/campaigns"))["campaigns"] == []
