"""What the routes work with, and what is known about the current request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app, g, request

from bot_config.bots import Bot
from bot_config.words import LANGUAGES
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.refusals.configuration import (
    ConfigurationMissing,
    TemplatesUnavailable,
    WabaMissing,
)
from outbound_campaigns.runtime.settings import Settings
from outbound_campaigns.sending.preparation import Preparation
from outbound_campaigns.vonage.definitions.slots import TemplateDefinition
from outbound_campaigns.vonage.senders import BotSenders
from outbound_campaigns.vonage.template_cache import TemplateLists
from outbound_campaigns.web.access.access import Access, Permission

EXTENSION = "outbound_campaigns"


@dataclass(frozen=True, slots=True)
class Service:
    """The parts that routes use, put together once by create_app."""

    settings: Settings
    database: Database
    senders: BotSenders
    access: Access
    prepare: Preparation
    templates: TemplateLists


def service_of(app: Flask) -> Service:
    return cast(Service, app.extensions[EXTENSION])


def service() -> Service:
    return service_of(current_app)


def database() -> Database:
    return service().database


def bot() -> Bot:
    """Return the bot of the URL, which the guard sets before any view runs."""
    return cast(Bot, g.bot)


def readable_definitions() -> Sequence[TemplateDefinition] | None:
    """Return the account's templates, or None where they can't be read."""
    try:
        return service().templates.of(bot().id)
    except (WabaMissing, ConfigurationMissing, TemplatesUnavailable):
        return None


def permission() -> Permission:
    return cast(Permission, g.permission)


def language() -> str:
    """Return es or en, as the client's Accept-Language prefers; es when it prefers neither."""
    return request.accept_languages.best_match(LANGUAGES, default=LANGUAGES[0])
