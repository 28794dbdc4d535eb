"""Botpress is asked with the user's own token, seldom, and never waited for by everybody."""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from outbound_campaigns.web.access.profiles import ANSWERS_LAST, FAILURES_LAST, Profile, Profiles
from outbound_campaigns.web.access.refusals import BotpressUnavailable, NotAuthenticated
from tests.support.botpress_server import Botpress, State
from tests.support.botpress_users import ROLES
from tests.support.data_folder import Clock
from tests.support.proxy_server import running_proxy
from tests.support.scripted_server import ScriptedServer, answer

PROFILE = b'{"payload": {"email": "a@b", "isSuperAdmin": false, "permissions": []}}'


@pytest.fixture
def asked(botpress: Botpress, elapsed: Clock) -> Profiles:
    return Profiles(botpress.url, elapsed)


@pytest.fixture
def impatient(botpress: Botpress, elapsed: Clock) -> Profiles:
    return Profiles(botpress.url, elapsed, timeouts=(0.5, 0.5))


def test_the_profile_is_the_roles_in_that_workspace(botpress: Botpress, asked: Profiles) -> None:
    profile = asked.find(botpress.token("dev@example.com"), None, "default")
    assert profile == Profile("dev@example.com", False, tuple(ROLES["dev"]))
    assert profile.is_member
    assert not asked.find(botpress.token("dev@example.com"), None, "other").is_member
    assert asked.find(botpress.token("root@example.com"), None, "default").is_super_admin


def test_an_answer_is_kept_for_ten_seconds(botpress: Botpress, asked: Profiles, elapsed: Clock) -> None:
    token = botpress.token("dev@example.com")
    botpress.roles["dev"] = ROLES["dev"]
    asked.find(token, None, "default")
    botpress.roles["dev"] = ROLES["editor"]
    elapsed.time += ANSWERS_LAST - 0.1
    assert asked.find(token, None, "default").permissions == tuple(ROLES["dev"])
    assert botpress.profiles_asked == 1
    elapsed.time += 0.1
    assert asked.find(token, None, "default").permissions == tuple(ROLES["editor"])


def test_a_token_that_was_refused_is_not_asked_about_again(
    botpress: Botpress, asked: Profiles, elapsed: Clock
) -> None:
    token = botpress.token("dev@example.com")
    botpress.log_out("dev@example.com")
    for _ in range(3):
        with pytest.raises(NotAuthenticated) as refused:
            asked.find(token, None, "default")
        assert refused.value.botpress_message == "Unauthorized: Invalid authentication token"
    assert botpress.profiles_asked == 1


def test_each_token_and_workspace_has_its_own_answer(botpress: Botpress, asked: Profiles) -> None:
    dev, editor = (botpress.token(f"{name}@example.com") for name in ("dev", "editor"))
    for token, workspace in ((dev, "default"), (editor, "default"), (dev, "other"), (dev, "default")):
        asked.find(token, None, workspace)
    assert botpress.profiles_asked == 3


def test_eight_threads_ask_once(botpress: Botpress, asked: Profiles) -> None:
    token = botpress.token("dev@example.com")
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: asked.find(token, None, "default"), range(64)))
    assert len(set(map(repr, found))) == 1
    assert botpress.profiles_asked == 1


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("booting", "HTTP 503"),
        ("hanging", "ReadTimeout"),
        ("reset", "ConnectionError"),
        ("html", "no profile"),
    ],
)
def test_when_botpress_does_not_say_nobody_is_let_in_and_it_recovers_by_itself(
    botpress: Botpress, elapsed: Clock, state: State, reason: str
) -> None:
    # Only who hangs is waited for to the end.
    patience = 2.0 if state == "hanging" else 30.0
    asked = Profiles(botpress.url, elapsed, timeouts=(patience, patience))
    token = botpress.token("dev@example.com")
    botpress.set_state(state)
    for language, sentence in (("es", "Intente de nuevo"), ("en", "Try again")):
        with pytest.raises(BotpressUnavailable) as refused:
            asked.find(token, None, "default")
        assert reason in refused.value.text(language)
        assert sentence in refused.value.text(language)
    assert botpress.profiles_asked == 1
    botpress.set_state("ready")
    elapsed.time += FAILURES_LAST
    assert asked.find(token, None, "default").is_member


def test_a_botpress_that_is_down_is_found_again_when_it_is_up(
    botpress: Botpress, asked: Profiles, elapsed: Clock
) -> None:
    token = botpress.token("dev@example.com")
    botpress.stop()
    with pytest.raises(BotpressUnavailable, match="ConnectionError"):
        asked.find(token, None, "default")
    botpress.start()
    with pytest.raises(BotpressUnavailable):
        asked.find(token, None, "default")
    elapsed.time += FAILURES_LAST
    assert asked.find(token, None, "default").is_member


def test_while_botpress_is_away_other_users_do_not_wait_for_it_either(
    botpress: Botpress, impatient: Profiles, elapsed: Clock
) -> None:
    botpress.set_state("hanging")
    for name in ("dev", "editor", "agent"):
        with pytest.raises(BotpressUnavailable):
            impatient.find(botpress.token(f"{name}@example.com"), None, "default")
    assert botpress.profiles_asked == 1


def test_eight_threads_wait_for_one_failure(botpress: Botpress, impatient: Profiles) -> None:
    token = botpress.token("dev@example.com")
    botpress.set_state("hanging")
    with ThreadPoolExecutor(8) as threads:
        waiting = [threads.submit(impatient.find, token, None, "default") for _ in range(8)]
        assert {type(answer.exception()) for answer in waiting} == {BotpressUnavailable}
    assert botpress.profiles_asked == 1


def test_while_botpress_is_away_a_kept_answer_counts(
    botpress: Botpress, asked: Profiles, elapsed: Clock
) -> None:
    dev, editor = (botpress.token(f"{name}@example.com") for name in ("dev", "editor"))
    asked.find(dev, None, "default")
    botpress.set_state("booting")
    with pytest.raises(BotpressUnavailable):
        asked.find(editor, None, "default")
    assert asked.find(dev, None, "default").is_member


def test_a_user_whose_role_is_broken_keeps_nobody_else_out(botpress: Botpress, asked: Profiles) -> None:
    botpress.add_user("odd@example.com", {"default": "no-such-role"})
    with pytest.raises(BotpressUnavailable, match="HTTP 404"):
        asked.find(botpress.token("odd@example.com"), None, "default")
    assert asked.find(botpress.token("dev@example.com"), None, "default").is_member


ODD = {
    "no JSON": answer(200, b"{"),
    "a list": answer(200, b"[]"),
    "no payload": answer(200, b'{"status": "success"}'),
    "a payload that is a list": answer(200, b'{"payload": []}'),
    "no e-mail": answer(200, b'{"payload": {"email": 7, "permissions": []}}'),
    "no permissions": answer(200, b'{"payload": {"email": "a@b", "permissions": {}}}'),
    "not UTF-8": answer(200, b'{"payload": "\xff"}'),
    "too deep": answer(200, b"[" * 100_000),
    "too long": answer(200, b'{"x": "%s", %s' % (b"x" * 300_000, PROFILE[1:])),
    "cut off": answer(200, PROFILE).replace(b"Length: ", b"Length: 9"),
    "badly packed": answer(200, PROFILE, Content_Encoding="gzip"),
    "a redirect": answer(302, b"", Location="http://127.0.0.1:1/"),
    "a proxy's own 401": answer(401, b"<html>"),
    "another 401": answer(401, b'{"errorCode": "BP_0401"}'),
    "a 403": answer(403, b'{"errorCode": "BP_0043"}'),
    "no HTTP": b"SSH-2.0-OpenSSH_9\r\n\r\n",
}


@pytest.mark.parametrize("sent", ODD.values(), ids=ODD)
def test_an_answer_that_is_none_lets_nobody_in(sent: bytes, elapsed: Clock) -> None:
    with ScriptedServer([sent]) as server, pytest.raises(BotpressUnavailable):
        Profiles(server.url, elapsed).find("x.y.z", None, "default")
    assert len(server.requests) == 1


def asks(url_path: str, csrf: str | None, elapsed: Clock) -> tuple[str, Sequence[tuple[str, str]]]:
    with ScriptedServer([answer(200, PROFILE)]) as server:
        Profiles(server.url + url_path, elapsed).find("x.y.z", csrf, "space")
    names = {"authorization", "cookie", "csrf-token", "x-bp-workspace"}
    [request] = server.requests
    return request.line, sorted(
        (name, value) for name, value in request.headers.items() if name.lower() in names
    )


def test_the_question_carries_the_users_token_and_the_bots_workspace(elapsed: Clock) -> None:
    line, headers = asks("", None, elapsed)
    assert line == "GET /api/v2/admin/user/profile HTTP/1.1"
    assert headers == [("Authorization", "Bearer x.y.z"), ("X-BP-Workspace", "space")]


def test_a_cookie_travels_as_a_cookie(elapsed: Clock) -> None:
    _, headers = asks("", "c-s-r-f", elapsed)
    assert headers == [("CSRF-Token", "c-s-r-f"), ("Cookie", "jwtToken=x.y.z"), ("X-BP-Workspace", "space")]


def test_a_root_path_goes_before(elapsed: Clock) -> None:
    assert asks("/bp/", None, elapsed)[0] == "GET /bp/api/v2/admin/user/profile HTTP/1.1"


def test_a_password_file_of_this_machine_does_not_replace_the_token(
    elapsed: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login ana password secreto\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for csrf in (None, "c-s-r-f"):
        sent = dict(asks("", csrf, elapsed)[1])
        assert sent.get("Authorization") == (None if csrf else "Bearer x.y.z")


def test_a_botpress_on_this_machine_is_asked_without_a_proxy(
    elapsed: Clock, monkeypatch: pytest.MonkeyPatch, botpress: Botpress
) -> None:
    with running_proxy() as proxy:
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        for name in ("HTTP_PROXY", "http_proxy"):
            monkeypatch.setenv(name, proxy.url)
        for host in ("127.0.0.1", "localhost"):
            found = Profiles(f"http://{host}:{botpress.port}", elapsed)
            assert found.find(botpress.token("dev@example.com"), None, "default").is_member
        with pytest.raises(BotpressUnavailable):
            Profiles("http://botpress.invalid", elapsed).find("x.y.z", None, "default")
    assert botpress.profiles_asked == 2


@pytest.mark.parametrize(("csrf", "workspace"), [("a\nb", "space"), ("\udcff", "space"), (None, "a\r\nb: c")])
def test_what_no_header_can_carry_is_not_sent(elapsed: Clock, csrf: str | None, workspace: str) -> None:
    with (
        ScriptedServer([answer(200, PROFILE)]) as server,
        pytest.raises(BotpressUnavailable, match="InvalidHeader"),
    ):
        Profiles(server.url, elapsed).find("x.y.z", csrf, workspace)
    assert not server.requests


def test_a_failure_is_logged_without_the_token(
    botpress: Botpress, asked: Profiles, caplog: pytest.LogCaptureFixture
) -> None:
    token = botpress.token("dev@example.com")
    botpress.set_state("booting")
    with caplog.at_level(logging.DEBUG), pytest.raises(BotpressUnavailable):
        asked.find(token, None, "default")
    assert "HTTP 503" in caplog.text
    assert token not in caplog.text


def test_a_login_of_botpress_gives_a_token_that_a_logout_ends(
    botpress: Botpress, asked: Profiles, elapsed: Clock
) -> None:
    login = {"email": "DEV@example.com", "password": "password"}
    url = f"{botpress.url}/api/v1/auth/login/basic/default"
    token = requests.post(url, json=login, timeout=10).json()["payload"]["jwt"]
    assert asked.find(token, None, "default").is_member
    leaving = {"Authorization": f"Bearer {token}"}
    requests.get(f"{botpress.url}/api/v2/admin/auth/logout", headers=leaving, timeout=10)
    elapsed.time += ANSWERS_LAST
    with pytest.raises(NotAuthenticated):
        asked.find(token, None, "default")
