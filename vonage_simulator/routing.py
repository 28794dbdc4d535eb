"""Routes each request to its handler, and turns a refusal into an answer."""

from collections.abc import Mapping
from uuid import uuid4

from aiohttp import web

from vonage_simulator.accounts import Account
from vonage_simulator.answers import json_answer, problem
from vonage_simulator.authorization import Authorizer
from vonage_simulator.control import PREFIX, Control, Handler
from vonage_simulator.problems import FORBIDDEN, NO_CREDENTIALS, NO_WABA, NOT_FOUND, RefusedError
from vonage_simulator.reception import Reception, authorized
from vonage_simulator.reports import ReportPage, Reports
from vonage_simulator.templates import Page, Templates

MESSAGES = "/v1/messages"
PING = "/v1/messages/ping"
BALANCE = "/account/get-balance"
RECORDS = "/v2/reports/records"
WABAS = "/v2/whatsapp-manager/wabas/"
TEMPLATES = "/templates"


class Router:
    """Passes each request to its handler."""

    def __init__(
        self,
        reception: Reception,
        control: Control,
        authorizer: Authorizer,
        templates: Templates,
        reports: Reports,
    ) -> None:
        self._reception = reception
        self._authorizer = authorizer
        self._templates = templates
        self._reports = reports
        self._control = control.routes()
        self._vonage: Mapping[tuple[str, str], Handler] = {
            ("POST", MESSAGES): reception.receive,
            ("GET", PING): self._ping,
            ("GET", BALANCE): self._balance,
            ("GET", RECORDS): self._list_records,
        }

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer any request."""
        # There are thousands of messages a second, and yarl's path costs more than this comparison.
        if request.raw_path == MESSAGES and request.method == "POST":
            return await self._reception.receive(request)
        if request.path.startswith(PREFIX):
            return await self._controlled(request)
        try:
            return await self._find(request)(request)
        except RefusedError as refusal:
            return problem(refusal.problem)

    def _find(self, request: web.BaseRequest) -> Handler:
        """Return the handler of a route; as at Vonage, a wrong verb raises a 403, a wrong path a 404."""
        found = self._vonage.get((request.method, request.path))
        if found is not None:
            return found
        if _waba_id(request.path) and request.method == "GET":
            return self._list_templates
        known = _waba_id(request.path) or request.path in {path for _, path in self._vonage}
        raise RefusedError(FORBIDDEN if known else NOT_FOUND)

    async def _controlled(self, request: web.BaseRequest) -> web.StreamResponse:
        handler = self._control.get((request.method, request.path))
        if handler is None:
            return json_answer({"error": "no such route"}, 404)
        try:
            return await handler(request)
        except KeyError as missing:
            return json_answer({"error": f"{missing.args[0]} is missing"}, 400)
        except (ValueError, TypeError) as refusal:
            return json_answer({"error": str(refusal)}, 400)

    async def _ping(self, request: web.BaseRequest) -> web.Response:
        authorized(self._authorizer, request)
        return json_answer({})

    async def _balance(self, request: web.BaseRequest) -> web.Response:
        account = self._by_basic(request)
        return json_answer({"value": account.balance, "autoReload": False})

    async def _list_records(self, request: web.BaseRequest) -> web.Response:
        account = self._by_basic(request)
        page = self._reports.page(account, request.query)
        return json_answer(
            {
                "_links": _links(request, page),
                "request_id": str(uuid4()),
                "request_status": "SUCCESS",
                "product": "MESSAGES",
                "account_id": account.api_key,
                "direction": "outbound",
                "items_count": len(page.records),
                "records": list(page.records),
                **({"ids_not_found": ",".join(page.ids_not_found)} if page.ids_not_found else {}),
            }
        )

    def _by_basic(self, request: web.BaseRequest) -> Account:
        """Return the account, by Basic only, as at Vonage; raises RefusedError (401)."""
        if request.headers.get("Authorization", "").startswith("Bearer"):
            raise RefusedError(NO_CREDENTIALS)
        return authorized(self._authorizer, request)

    async def _list_templates(self, request: web.BaseRequest) -> web.Response:
        account, waba_id = authorized(self._authorizer, request), _waba_id(request.path)
        if not account.may_read(waba_id):
            raise RefusedError(NO_WABA)
        page = self._templates.page(waba_id, request.query)
        return json_answer({"paging": _paging(request, page), "templates": list(page.templates)})


def _waba_id(path: str) -> str:
    if path.startswith(WABAS) and path.endswith(TEMPLATES):
        waba_id = path[len(WABAS) : -len(TEMPLATES)]
        return "" if "/" in waba_id else waba_id
    return ""


def _links(request: web.BaseRequest, page: ReportPage) -> dict[str, object]:
    links: dict[str, object] = {"self": {"href": str(request.url)}}
    if page.cursor:
        links["next"] = {"href": str(request.url.update_query(cursor=page.cursor))}
    return links


def _paging(request: web.BaseRequest, page: Page) -> dict[str, object]:
    paging: dict[str, object] = {"cursors": {"before": page.before, "after": page.after}}
    if page.has_next:
        paging["next"] = str(request.url.update_query(after=page.after))
    return paging
