"""The tables of codes, read whole."""

import csv
from collections import Counter
from importlib.resources import files
from string import Formatter

import pytest

from bot_config.words import LANGUAGES, Words
from outbound_campaigns.domain import codes
from outbound_campaigns.domain.codes.lookup import CODES
from outbound_campaigns.domain.codes.tables import ANSWERS, META, VONAGE, Code, CodeClass, Fault
from outbound_campaigns.domain.flaws import FLAW_CODES
from outbound_campaigns.domain.lifecycle import CampaignEvent, CampaignStatus, RecipientStatus
from outbound_campaigns.domain.names import ACTIONS, CAMPAIGN_STATUSES, RECIPIENT_COUNTS
from outbound_campaigns.domain.reasons import BY_OPERATOR, REASONS

# Messages API, "Error codes": every code there is.
VONAGE_CODES = """
    1000 1010 1020 1021 1022 1030 1040 1050 1060 1070 1080 1090 1100 1120 1130 1140 1150 1160 1170
    1180 1190 1200 1210 1220 1230 1240 1241 1242 1250 1251 1260 1270 1280 1282 1290 1300 1310 1320
    1330 1331 1340 1350 1360 1370 1380 1381 1382 1400 1410 1420 1430 1431 1440 1450 1451 1460 1461
    1470 1472 1473 1474 1475 1476 1480 1481 1482 1483 1484 1490 2001 2002 2003
"""
ANSWER_CODES = """
    http_3xx http_400 http_401 http_402 http_403 http_404 http_422 http_422_to http_429 http_4xx
    http_5xx timeout connection_lost half_answer unreadable_answer not_connected claim_expired
    engine_stopped worker_lost missing_column internal_error opted_out not_found_at_vonage spend_limit
    marketing_to_us
"""
EVERY_CODE = [pytest.param(code, id=code.code) for code in CODES.values()]
EVERY_REASON = [pytest.param(words, id=name) for name, words in {**REASONS, "operator": BY_OPERATOR}.items()]


def test_every_code_that_vonage_documents_is_known() -> None:
    assert set(VONAGE) == set(VONAGE_CODES.split())


def test_every_code_of_our_own_sending_is_known() -> None:
    assert set(ANSWERS) == {*ANSWER_CODES.split(), *FLAW_CODES}


@pytest.mark.parametrize("name", ["vonage", "meta", "answers"])
def test_a_table_holds_no_code_twice(name: str) -> None:
    text = (files(codes) / f"{name}.csv").read_text(encoding="utf-8")
    counts = Counter(row["code"] for row in csv.DictReader(text.splitlines()))
    assert [code for code, count in counts.items() if count > 1] == []


def test_no_code_stands_in_two_tables() -> None:
    assert len(CODES) == len(VONAGE) + len(META) + len(ANSWERS)


@pytest.mark.parametrize("code", EVERY_CODE)
def test_a_code_says_why_and_what_to_do_in_both_languages(code: Code) -> None:
    for words in (code.reason, code.advice):
        must_be_good(words)
        assert places(words) == [set(), set()]


@pytest.mark.parametrize("code", EVERY_CODE)
def test_a_known_code_is_never_of_the_class_unknown(code: Code) -> None:
    assert code.code_class is not CodeClass.UNKNOWN


@pytest.mark.parametrize("code", EVERY_CODE)
def test_a_code_names_its_source(code: Code) -> None:
    assert code.source


def test_only_what_says_that_a_message_was_held_back_sends_again_by_itself() -> None:
    again = {code.code for code in (*VONAGE.values(), *META.values()) if code.code_class is CodeClass.RETRY}
    assert again == {"1000", "4", "80007", "130429", "131056"}


def test_no_one_message_is_at_fault_for_balance_credentials_sender_or_a_template_that_is_gone() -> None:
    of_all = {code.code for code in CODES.values() if code.fault is Fault.ALL}
    assert of_all == {
        *("http_3xx", "http_401", "http_402", "http_403", "http_404"),
        *("1060", "1070", "1080", "1242", "1370", "1400", "1420", "1460", "1476"),
        *("0", "3", "10", "33", "190", "200", "368", "131005", "131031", "131037", "131042", "131045"),
        *("131048", "132001", "132015", "132016", "132068", "133006", "133010"),
    }
    assert {CODES[code].code_class for code in of_all} == {CodeClass.CAMPAIGN, CodeClass.ACCOUNT}


@pytest.mark.parametrize("words", EVERY_REASON)
def test_a_campaigns_reason_is_said_in_both_languages(words: Words) -> None:
    must_be_good(words)


@pytest.mark.parametrize(
    ("code", "code_class"),
    [
        ("1000", CodeClass.RETRY),
        ("131000", CodeClass.TEMPORARY),
        ("1461", CodeClass.RETRY_LATER),
        ("1300", CodeClass.RECIPIENT),
        ("1240", CodeClass.OPT_OUT),
        ("131050", CodeClass.OPT_OUT),
        ("1022", CodeClass.CAMPAIGN),
        ("132015", CodeClass.CAMPAIGN),
        ("1070", CodeClass.ACCOUNT),
        ("timeout", CodeClass.IN_DOUBT),
    ],
)
def test_a_code_has_the_class_that_decides_what_follows(code: str, code_class: CodeClass) -> None:
    assert CODES[code].code_class is code_class


def must_be_good(words: Words) -> None:
    assert words.es != words.en
    for sentence in (words.es, words.en):
        assert sentence == " ".join(sentence.split())
        assert len(sentence) > 10
        assert sentence[0].isupper() or sentence[0] in "«{"
        assert sentence.endswith((".", "_en}", "_es}"))


def places(words: Words) -> list[set[str]]:
    return [
        {name for _, name, _, _ in Formatter().parse(getattr(words, language)) if name}
        for language in LANGUAGES
    ]


def test_every_status_has_a_name_in_both_languages() -> None:
    assert set(CAMPAIGN_STATUSES) == set(CampaignStatus)
    assert set(RECIPIENT_COUNTS) == {*RecipientStatus, "total"}


def test_every_event_of_a_campaign_has_a_name_as_an_action() -> None:
    assert set(CampaignEvent) <= set(ACTIONS)
    assert all(words.es and words.en for words in ACTIONS.values())
