"""Every sentence that the panel may show is there, in every language, with the same places."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from outbound_campaigns.database.models import OptOutSource
from outbound_campaigns.domain.lifecycle import CampaignEvent, CampaignStatus, RecipientStatus
from outbound_campaigns.domain.outcome import OutcomeKind
from outbound_campaigns.runtime.package_files import shipped_folder
from outbound_campaigns.vonage.receipt_body import STATUSES

LANGUAGES = ("es", "en")
EVENTS = (
    *CampaignEvent,
    "create",
    "change",
    "delete",
    "import",
    "remove_import",
    "resolve",
    "reconcile",
    "canary",
    "test_send",
)
FAMILIES = {
    "campaign": [*CampaignStatus],
    "recipient": [*RecipientStatus],
    "one": [*RecipientStatus],
    "outcome": [*OutcomeKind, "open"],
    "receipt": STATUSES,
    "source": [*OptOutSource],
    "event": EVENTS,
}


def sentences(language: str) -> dict[str, Any]:
    text = (shipped_folder("static") / "js/languages" / f"{language}.js").read_text(encoding="utf-8")
    body = text[text.index("{") : text.rindex("}") + 1]
    body = re.sub(r"\{ one: ", '{"one": ', re.sub(r", other: ", ', "other": ', body))
    found: dict[str, Any] = json.loads(re.sub(r",\s*}$", "}", body))
    return found


def sources() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in Path(shipped_folder("static") / "js").rglob("*.js")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_that_is_said_is_there(language: str) -> None:
    said = {name for text in sources() for name in re.findall(r'say\("([^"]+)"', text)}
    families = {f"{family}.{one}" for family, ones in FAMILIES.items() for one in ones}
    assert said | families <= set(sentences(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_family_of_sentences_that_is_said_is_there(language: str) -> None:
    families = {name for text in sources() for name in re.findall(r"say\(`([a-z_.]+)\.\$\{", text)}
    known = {name.rsplit(".", 1)[0] for name in sentences(language)}
    assert families <= known


def test_all_languages_have_the_same_sentences_with_the_same_places() -> None:
    spanish, english = (sentences(language) for language in LANGUAGES)
    assert set(spanish) == set(english)
    for name, sentence in spanish.items():
        assert places(sentence) == places(english[name]), name


def places(sentence: Any) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", json.dumps(sentence)))
