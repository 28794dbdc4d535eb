"""Refusals about the files that messages show."""

from __future__ import annotations

from bot_config.refusal import Refusal, RefusalKind
from bot_config.words import Words


class MediaNotTaken(Refusal):
    kind = RefusalKind.INVALID
    code = "media_not_taken"
    words = Words(
        "WhatsApp no admite ese archivo: suba una imagen JPEG o PNG, un video MP4 o 3GP, un PDF, o un "
        "documento de Office sin macros.",
        "WhatsApp does not take that file: upload a JPEG or PNG image, an MP4 or 3GP video, a PDF, or an "
        "Office document without macros.",
    )


class MediaTooLarge(Refusal):
    """Takes `most` in MB, and the `type` of the file."""

    kind = RefusalKind.TOO_LARGE
    code = "media_too_large"
    words = Words(
        "WhatsApp admite hasta {most} MB en un archivo de ese tipo ({type}). Redúzcalo y súbalo de nuevo.",
        "WhatsApp takes up to {most} MB in a file of that type ({type}). Reduce it and upload it again.",
    )


class NoRoomForMedia(Refusal):
    """Takes `most` in MB."""

    code = "no_room_for_media"
    words = Words(
        "Los archivos del bot ya ocupan los {most} MB que le tocan. Elimine los que ya no use, o pida al "
        "administrador que suba OUTBOUND_MEDIA_MB.",
        "The bot's files take up all of the {most} MB that it has. Delete those no longer used, or ask the "
        "administrator to raise OUTBOUND_MEDIA_MB.",
    )


class MediaInUse(Refusal):
    """Takes `name`: a campaign's."""

    code = "media_in_use"
    words = Words(
        "La campaña «{name}» todavía puede enviar ese archivo. Cambie antes con qué se llena su plantilla.",
        "The campaign {name} may still send that file. Change what fills its template first.",
    )


class MediaNotFound(Refusal):
    kind = RefusalKind.NOT_FOUND
    code = "media_not_found"
    words = Words("No existe ese archivo.", "There is no such file.")


class ExternalUrlMissing(Refusal):
    code = "external_url_missing"
    words = Words(
        "Para que Meta pueda tomar los archivos de aquí, el servicio necesita EXTERNAL_URL, la dirección "
        "pública de Botpress. Pídala a quien lo administra.",
        "For Meta to fetch files from here, the service needs EXTERNAL_URL, the public address of Botpress. "
        "Ask whoever runs it.",
    )
