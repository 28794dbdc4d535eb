"""Routes for opt-outs: the people who want no more messages from the bot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flask import request
from flask.views import MethodView
from werkzeug.exceptions import RequestEntityTooLarge

from outbound_campaigns.audience import importing
from outbound_campaigns.audience.reading.csv_reader import open_csv
from outbound_campaigns.audience.reading.phone_column import PHONE_NUMBER
from outbound_campaigns.audience.reading.refused import BadFile, RowRefusal, shown
from outbound_campaigns.audience.reading.rows import FileWishes, judge_of_none
from outbound_campaigns.campaigns import opt_outs
from outbound_campaigns.campaigns.opt_outs import Reason
from outbound_campaigns.database.models import OptOutSource
from outbound_campaigns.domain.phone_numbers import BadNumber, PhoneNumber
from outbound_campaigns.domain.refusals.request import (
    FileNotRead,
    FileNotStored,
    FileTooLarge,
    OptOutNotFound,
)
from outbound_campaigns.domain.row_refusals import FileCode, file_sentence
from outbound_campaigns.reports import pages
from outbound_campaigns.web.api.blueprint import ID, blueprint
from outbound_campaigns.web.api.campaigns import Json, next_cursor
from outbound_campaigns.web.api.downloads import CSV
from outbound_campaigns.web.api.phone_input import number_rules, phone_number, phone_query, with_plus
from outbound_campaigns.web.api.presenters import opt_out_view, refused_view
from outbound_campaigns.web.api.schemas.opt_out import (
    NumberQuery,
    OptOutIn,
    OptOutPage,
    OptOutQuery,
    OptOutsAdded,
)
from outbound_campaigns.web.api.service import bot, database, language, permission, service
from outbound_campaigns.web.api.uploads import ENVELOPE, FILE_SCHEMA, FORM, OPT_OUTS_MB, uploaded_file

REFUSED_SHOWN = 100

_BODY = {
    "required": True,
    "content": {
        "application/json": {"schema": OptOutIn},
        "multipart/form-data": {"schema": FORM},
        CSV: {"schema": FILE_SCHEMA},
    },
}


@blueprint.route("/opt-outs")
class OptOuts(MethodView):
    @blueprint.arguments(OptOutQuery, location="query")
    @blueprint.response(200, OptOutPage)
    def get(self, query: Mapping[str, Any]) -> Json:
        """Who wants no more messages, newest first; `q` is a number, or its last digits."""
        limit, cursor = query["limit"], query.get("cursor")
        before = int(cursor) if cursor else None
        wanted = phone_query(with_plus(query["q"])) if "q" in query else None
        with database().read() as session:
            found = pages.opt_outs_page(session, bot().id, q=wanted, before=before, limit=limit + 1)
        views = [opt_out_view(row) for row in found[:limit]]
        return {"opt_outs": views, "next_cursor": next_cursor(views, len(found) > limit)}

    @blueprint.doc(requestBody=_BODY)
    @blueprint.response(201, OptOutsAdded)
    def post(self) -> Json:
        """Opt out one person, or all of a CSV (column phone_number); their pending rows are skipped."""
        if request.is_json:
            given = blueprint.ARGUMENTS_PARSER.parse(OptOutIn(), request, location="json")
            return _add_number(given["phone_number"])
        return _add_file()

    @blueprint.arguments(NumberQuery, location="query")
    @blueprint.response(204)
    def delete(self, query: Mapping[str, Any]) -> None:
        """Take an opt-out back by the person's number; rows that were skipped stay so."""
        try:
            number = phone_number(with_plus(query["phone_number"]))
        except BadNumber:
            raise OptOutNotFound from None
        with database().write() as session:
            opt_outs.take_back_number(session, bot().id, number)


@blueprint.route(f"/opt-outs/<{ID}:opt_out_id>", methods=["DELETE"])
@blueprint.response(204)
def take_back_opt_out(opt_out_id: int) -> None:
    """Take an opt-out back; rows that were skipped stay so."""
    with database().write() as session:
        opt_outs.take_back(session, bot().id, opt_out_id)


def _add_number(text: str) -> Json:
    """Add one number, with the answer for a file of one row."""
    try:
        number = phone_number(text)
    except BadNumber as refused:
        return _outcome(0, 0, 1, [RowRefusal(1, PHONE_NUMBER, shown(text), refused.code)])
    return _outcome(_add([number], OptOutSource.API), 1, 0, [])


def _add_file() -> Json:
    most = OPT_OUTS_MB * 1_000_000
    request.max_content_length = most + ENVELOPE
    try:
        spooled = importing.spool(uploaded_file(request), service().settings.upload_dir, most)
    except RequestEntityTooLarge:
        raise FileTooLarge(most=OPT_OUTS_MB) from None
    except OSError:
        raise FileNotStored from None
    try:
        return _add_all_of(spooled.path)
    except BadFile as refused:
        why = {"code": str(refused.code), **refused.values}
        raise FileNotRead(why=file_sentence(why)) from None
    finally:
        spooled.path.unlink(missing_ok=True)


def _add_all_of(path: Path) -> Json:
    """Add a file's numbers in short transactions; a file that is cut short may be uploaded again."""
    wanted = FileWishes(judge_of_none, number_rules())
    added = accepted = invalid = 0
    refused: list[RowRefusal] = []
    with open_csv(path, wanted) as file:
        for chunk in file.chunks(opt_outs.PEOPLE_AT_ONCE):
            people = [PhoneNumber(row.phone_number, row.phone_key) for row in chunk.accepted]
            added += _add(people, OptOutSource.FILE)
            accepted += len(people)
            invalid += len(chunk.refused)
            refused += chunk.refused[: REFUSED_SHOWN - len(refused)]
    if accepted + invalid == 0:
        raise BadFile(FileCode.FILE_WITHOUT_ROWS)
    return _outcome(added, accepted, invalid, refused)


def _outcome(added: int, accepted: int, invalid: int, refused: Sequence[RowRefusal]) -> Json:
    return {
        "added": added,
        "already_there": accepted - added,
        "invalid": invalid,
        "refused": [refused_view(row, language()) for row in refused],
    }


def _add(people: list[PhoneNumber], source: OptOutSource) -> int:
    reason = Reason(source, who=permission().email)
    with database().write() as session:
        return opt_outs.add(session, bot().id, people, reason, database().now(session))
