"""Everything that has the shape of Vonage's API. It knows no campaign and no database.

Others use: authorization, client_ref, definitions.by_components, definitions.composing,
definitions.filling, definitions.judging, definitions.proposing, definitions.reading, definitions.slots,
fence, gateway, json_values, message, receipt_body, records, reply_body, senders, template_cache,
template_text, templates, webhook_signature.
"""
