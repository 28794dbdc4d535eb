"""The baseline of receipts: a Flask view that reads the body, and does nothing with it."""

from flask import Flask, Response, request

app = Flask(__name__, static_folder=None)


@app.post("/api/v1/bots/<bot_id>/mod/outbound-campaigns/webhooks/status")
def read(bot_id: str) -> Response:
    request.get_data(cache=False)
    return Response(status=200)
