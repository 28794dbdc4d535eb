"""What the statuses of campaigns and recipients are called when they are shown."""

from collections.abc import Mapping

from outbound_campaigns.domain.words import Words

CAMPAIGN_STATUSES: Mapping[str, Words] = {
    "draft": Words("en borrador", "draft"),
    "scheduled": Words("programada", "scheduled"),
    "running": Words("en marcha", "running"),
    "paused": Words("en pausa", "paused"),
    "completed": Words("completada", "completed"),
    "failed": Words("fallida", "failed"),
    "cancelled": Words("cancelada", "cancelled"),
}

RECIPIENT_COUNTS: Mapping[str, Words] = {
    "pending": Words("pendientes", "pending"),
    "sending": Words("enviándose", "sending"),
    "sent": Words("enviados", "sent"),
    "delivered": Words("entregados", "delivered"),
    "read": Words("leídos", "read"),
    "failed": Words("fallidos", "failed"),
    "in_doubt": Words("en duda", "in doubt"),
    "skipped": Words("omitidos", "skipped"),
    "cancelled": Words("cancelados", "cancelled"),
    "total": Words("total", "total"),
}
