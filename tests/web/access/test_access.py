"""Who may see and change the campaigns of a bot."""

import json

import pytest

from bot_config.problems import BotConfigBroken
from outbound_campaigns.web.access.access import Permission
from outbound_campaigns.web.access.refusals import (
    AccessRefused,
    BotpressUnavailable,
    MayNotWrite,
    NoAccessToWorkspace,
    NotAllowed,
    NotAuthenticated,
    OnlySuperAdmins,
    OtherWorkspace,
    SecretUnknown,
)
from outbound_campaigns.web.access.tokens import Credentials
from tests.support.botpress_server import State
from tests.support.data_folder import Clock
from tests.support.scripted_server import ScriptedServer, answer
from tests.web.access.conftest import TODAY, Office

EVERYTHING, READING = (True, True), (True, False)
INVALID = "Unauthorized: Invalid authentication token"


def rights(permission: Permission) -> tuple[bool, bool]:
    return permission.can_read, permission.can_write


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("root", EVERYTHING),
        ("admin", EVERYTHING),
        ("dev", EVERYTHING),
        ("editor", READING),
        ("agent", READING),
    ],
)
def test_the_role_in_the_bots_workspace_decides(
    office: Office, name: str, expected: tuple[bool, bool]
) -> None:
    permission = office.permission(f"{name}@example.com")
    assert permission.email == f"{name}@example.com"
    assert rights(permission) == expected


@pytest.mark.parametrize("name", ["other", "nobody"])
def test_one_without_a_role_in_the_bots_workspace_may_do_nothing(office: Office, name: str) -> None:
    with pytest.raises(NoAccessToWorkspace) as refused:
        office.permission(f"{name}@example.com")
    message = f'Forbidden: User "{name}@example.com" doesn\'t have access to workspace "default"'
    assert refused.value.botpress_message == message
    assert "Pida a un administrador" in refused.value.text("es")


def test_a_member_of_another_workspace_may_use_the_bots_of_that_one(office: Office) -> None:
    office.folder.write("global/workspaces.json", [{"id": "other", "bots": ["demo-bot"]}])
    assert rights(office.permission("other@example.com")) == EVERYTHING
    with pytest.raises(NoAccessToWorkspace):
        office.permission("dev@example.com")


@pytest.mark.parametrize(
    ("method", "allowed"),
    [("GET", True), ("HEAD", True), ("get", True), ("POST", False), ("PUT", False), ("DELETE", False),
     ("PATCH", False), ("OPTIONS", False), ("BREW", False)],
)  # fmt: skip
def test_reading_is_get_and_head_and_all_else_is_writing(office: Office, method: str, allowed: bool) -> None:
    editor = Credentials(office.botpress.bearer("editor@example.com"))
    if allowed:
        assert office.access.require(office.bot, editor, method).can_read
        return
    with pytest.raises(MayNotWrite) as refused:
        office.access.require(office.bot, editor, method)
    assert refused.value.botpress_message == (
        "Forbidden: user does not have sufficient permissions to "
        '"write" on resource "module.outbound-campaigns"'
    )
    assert "module.outbound-campaigns" in refused.value.text("es")


def test_a_role_of_ones_own_may_be_for_campaigns_alone(office: Office) -> None:
    office.botpress.roles["sales"] = [{"res": "module.outbound-campaigns", "op": "+r+w"}]
    office.botpress.roles["blind"] = [{"res": "bot.content", "op": "+r+w"}]
    for role in ("sales", "blind"):
        office.botpress.add_user(f"{role}@example.com", {"default": role})
    assert rights(office.permission("sales@example.com")) == EVERYTHING
    with pytest.raises(NotAllowed, match="may read") as refused:
        office.permission("blind@example.com").require("GET")
    assert '"read" on resource "module.outbound-campaigns"' in refused.value.botpress_message


def test_what_botpress_accepts_is_accepted(office: Office) -> None:
    assert rights(office.permission("root@example.com", isSuperAdmin=True)) == EVERYTHING
    assert rights(office.permission("editor@example.com", isSuperAdmin=True)) == EVERYTHING
    assert rights(office.permission("ROOT@example.com", isSuperAdmin=True)) == EVERYTHING
    assert rights(office.permission("DEV@example.com")) == EVERYTHING


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": TODAY - 1},
        {"aud": "chat_users"},
        {"aud": None},
        {"secret": "another-secret-of-tests-0123456789"},
    ],
    ids=str,
)
def test_a_bad_token_never_reaches_botpress(office: Office, claims: dict[str, object]) -> None:
    with pytest.raises(NotAuthenticated) as refused:
        office.permission("root@example.com", **claims)
    assert refused.value.botpress_message == INVALID
    assert not office.botpress.asked


def test_a_token_that_botpress_has_ended_is_refused(office: Office) -> None:
    for email, claims in (("root@example.com", {"tokenVersion": 0}), ("gone@example.com", {})):
        with pytest.raises(NotAuthenticated) as refused:
            office.permission(email, **claims)
        assert refused.value.botpress_message == INVALID


def test_a_logout_counts_within_ten_seconds(office: Office) -> None:
    presented = Credentials(office.botpress.bearer("root@example.com"))
    assert rights(office.access.permission(office.bot, presented)) == EVERYTHING
    office.botpress.log_out("root@example.com")
    office.elapsed.time += 10
    with pytest.raises(NotAuthenticated):
        office.access.permission(office.bot, presented)


def test_a_kept_answer_does_not_outlive_its_token(office: Office) -> None:
    presented = Credentials(office.botpress.bearer("root@example.com", exp=TODAY + 5))
    office.access.permission(office.bot, presented)
    assert isinstance(office.botpress.now, Clock)
    office.botpress.now.time += 5
    with pytest.raises(NotAuthenticated):
        office.access.permission(office.bot, presented)
    assert office.botpress.profiles_asked == 1


def test_the_tokens_by_which_modules_call_each_other_may_do_everything(office: Office) -> None:
    assert rights(office.permission("server::modules")) == EVERYTHING
    forged = Credentials(office.botpress.bearer("server::modules"), workspace="other")
    assert rights(office.access.permission(office.bot, forged)) == EVERYTHING
    assert not office.botpress.asked


@pytest.mark.parametrize("workspace", [None, "", "undefined", "default"])
def test_the_bots_own_workspace_may_be_named_or_not(office: Office, workspace: str | None) -> None:
    presented = Credentials(office.botpress.bearer("editor@example.com"), workspace=workspace)
    assert rights(office.access.permission(office.bot, presented)) == READING


@pytest.mark.parametrize("name", ["dev", "editor", "other", "nobody"])
def test_a_forged_workspace_gives_nothing(office: Office, name: str) -> None:
    presented = Credentials(office.botpress.bearer(f"{name}@example.com"), workspace="other")
    with pytest.raises(OtherWorkspace) as refused:
        office.access.permission(office.bot, presented)
    assert refused.value.botpress_message == 'Forbidden: the bot is not in workspace "other"'
    assert "no está en el espacio de trabajo «other»" in refused.value.text("es")


def test_a_super_admin_may_name_any_workspace(office: Office) -> None:
    presented = Credentials(office.botpress.bearer("root@example.com"), workspace="other")
    assert rights(office.access.permission(office.bot, presented)) == EVERYTHING


def test_what_a_client_wrote_is_shown_as_text_only(office: Office) -> None:
    forged = "<script>{email}\r\n\x1b[31m\u202e" + "x" * 500
    presented = Credentials(office.botpress.bearer("dev@example.com"), workspace=forged)
    with pytest.raises(OtherWorkspace) as refused:
        office.access.permission(office.bot, presented)
    assert "<" not in refused.value.botpress_message
    for text in (refused.value.botpress_message, refused.value.text("es"), refused.value.text("en")):
        assert "{email}" in text
        assert text.isprintable()
        assert len(text) < 400


def test_a_cookie_and_its_header_let_a_user_in(cookie_office: Office) -> None:
    token = cookie_office.botpress.token("editor@example.com", csrfToken="84169d88")
    good = Credentials(None, token, "84169d88")
    assert rights(cookie_office.access.permission(cookie_office.bot, good)) == READING
    for bad in (
        Credentials(None, token),
        Credentials(None, token, "84169d89"),
        Credentials(f"Bearer {token}"),
    ):
        with pytest.raises(NotAuthenticated):
            cookie_office.access.permission(cookie_office.bot, bad)
    assert cookie_office.botpress.profiles_asked == 1


def test_where_cookies_are_used_a_header_beside_them_counts_for_nothing(cookie_office: Office) -> None:
    token = cookie_office.botpress.token("editor@example.com", csrfToken="84169d88")
    admin = cookie_office.botpress.bearer("admin@example.com")
    both = Credentials(admin, token, "84169d88")
    assert cookie_office.access.permission(cookie_office.bot, both).email == "editor@example.com"


@pytest.mark.parametrize("state", ["booting", "reset", "html"])
def test_when_botpress_does_not_say_nobody_passes_and_it_recovers(office: Office, state: State) -> None:
    office.botpress.set_state(state)
    for _ in range(2):
        with pytest.raises(BotpressUnavailable):
            office.permission("root@example.com")
    office.botpress.set_state("ready")
    office.elapsed.time += 1
    assert rights(office.permission("root@example.com")) == EVERYTHING


def test_while_botpress_is_down_a_bad_token_is_still_a_bad_token(office: Office) -> None:
    office.botpress.stop()
    with pytest.raises(BotpressUnavailable):
        office.permission("dev@example.com")
    with pytest.raises(NotAuthenticated):
        office.permission("dev@example.com", aud="chat_users")


def test_another_users_profile_is_nobodys(office: Office) -> None:
    profile = {"email": "root@example.com", "isSuperAdmin": True, "permissions": []}
    with ScriptedServer([answer(200, json.dumps({"payload": profile}).encode())]) as cache:
        office.access = office.new_access(cache.url)
        with pytest.raises(BotpressUnavailable):
            office.permission("dev@example.com")


def test_without_botpress_address_only_super_admins_pass(office: Office) -> None:
    office.access = office.new_access(url=None)
    assert rights(office.permission("root@example.com")) == EVERYTHING
    assert rights(office.permission("server::modules")) == EVERYTHING
    for name in ("admin", "dev", "editor", "nobody"):
        with pytest.raises(OnlySuperAdmins) as refused:
            office.permission(f"{name}@example.com")
        assert "BOTPRESS_URL" in refused.value.text("es")
        assert "BOTPRESS_URL" in refused.value.text("en")
        assert refused.value.botpress_message.startswith(f'Forbidden: User "{name}@example.com"')
    assert not office.botpress.asked


def test_without_a_secret_nobody_passes(office: Office) -> None:
    office.folder.write("global/botpress.config.json", {})
    with pytest.raises(SecretUnknown):
        office.permission("root@example.com")


def test_a_broken_configuration_is_told_as_it_is(office: Office) -> None:
    office.folder.write("global/botpress.config.json", "{")
    with pytest.raises(BotConfigBroken):
        office.permission("root@example.com")


def test_a_new_secret_counts_at_once(office: Office) -> None:
    old = Credentials(office.botpress.bearer("root@example.com"))
    office.botpress.secret = "a-new-secret"
    office.configure()
    assert rights(office.permission("root@example.com")) == EVERYTHING
    with pytest.raises(NotAuthenticated):
        office.access.permission(office.bot, old)


def refusals(kind: type[AccessRefused]) -> list[type[AccessRefused]]:
    return [kind, *(deeper for below in kind.__subclasses__() for deeper in refusals(below))]


@pytest.mark.parametrize("kind", [kind for kind in refusals(AccessRefused) if hasattr(kind, "words")])
def test_every_refusal_speaks_in_both_languages_and_in_botpress_words(kind: type[AccessRefused]) -> None:
    refused = kind(email="ana@example.com", workspace="w", resource="r", scheme="s", reason="x")
    assert refused.text("es") != refused.text("en")
    assert "{" not in refused.text("es") + refused.text("en") + refused.botpress_message
    assert refused.code
