"""The reasons why a request may not pass, in our words and in Botpress's own."""

from __future__ import annotations

from typing import ClassVar

from bot_config.refusal import Refusal, RefusalKind
from bot_config.words import Words

_LONGEST = 100


class AccessRefused(Refusal):
    """A refused request. Values may come from a client: they are cut short, and shown as text only."""

    botpress: ClassVar[str]

    def __init__(self, **values: str) -> None:
        super().__init__(**{name: _shown(value) for name, value in values.items()})

    @property
    def botpress_message(self) -> str:
        """Return what Botpress 12.31 itself says, in English, or would say if it had such an answer."""
        return self.botpress.format(**self.values).translate(_ESCAPED)


class NotAuthenticated(AccessRefused):
    """The token is not valid: Botpress answers 401 with BP_0041, and its clients then log out."""

    kind = RefusalKind.NOT_AUTHENTICATED
    code = "not_authenticated"
    words = Words(
        "Su sesión de Botpress no es válida o ha terminado. Vuelva a entrar en Botpress y repita la acción.",
        "Your Botpress session is not valid, or has ended. Log in to Botpress again and repeat the action.",
    )
    botpress = "Unauthorized: Invalid authentication token"


class HeaderMissing(NotAuthenticated):
    botpress = "Unauthorized: Authorization header is missing"


class SchemeUnknown(NotAuthenticated):
    """Takes `scheme`."""

    botpress = 'Unauthorized: Unknown scheme "{scheme}"'


class TokenMissing(NotAuthenticated):
    botpress = "Unauthorized: Authentication token is missing"


class CookieMissing(NotAuthenticated):
    botpress = "Unauthorized: jwtToken cookie is missing"


class NotAllowed(AccessRefused):
    """A known user may not do this: Botpress answers 403 with BP_0043."""

    kind = RefusalKind.NOT_ALLOWED


class NoAccessToWorkspace(NotAllowed):
    """Takes `email`, `workspace`."""

    code = "no_access_to_workspace"
    words = Words(
        "El usuario {email} no tiene acceso al espacio de trabajo «{workspace}». Pida a un administrador de "
        "Botpress que lo agregue.",
        "The user {email} has no access to the workspace {workspace}. Ask an administrator of Botpress to "
        "add them.",
    )
    botpress = 'Forbidden: User "{email}" doesn\'t have access to workspace "{workspace}"'


class OtherWorkspace(NotAllowed):
    """The client names a workspace that the bot is not in; takes `workspace`, as it was named."""

    code = "other_workspace"
    words = Words(
        "El bot no está en el espacio de trabajo «{workspace}», que nombra el encabezado X-BP-Workspace.",
        "The bot is not in the workspace {workspace}, which the header X-BP-Workspace names.",
    )
    botpress = 'Forbidden: the bot is not in workspace "{workspace}"'


class MayNotRead(NotAllowed):
    """Takes `email`, `resource`."""

    code = "may_not_read"
    words = Words(
        "El rol de {email} no permite ver las campañas. Pida a un administrador de Botpress un rol con "
        "permiso de lectura sobre {resource}.",
        "The role of {email} does not allow viewing campaigns. Ask an administrator of Botpress for a role "
        "that may read {resource}.",
    )
    botpress = 'Forbidden: user does not have sufficient permissions to "read" on resource "{resource}"'


class MayNotWrite(NotAllowed):
    """Takes `email`, `resource`."""

    code = "may_not_write"
    words = Words(
        "El rol de {email} permite ver las campañas, pero no cambiarlas. Pida a un administrador de Botpress "
        "un rol con permiso de escritura sobre {resource}.",
        "The role of {email} allows viewing campaigns, but not changing them. Ask an administrator of "
        "Botpress for a role that may write {resource}.",
    )
    botpress = 'Forbidden: user does not have sufficient permissions to "write" on resource "{resource}"'


class OnlySuperAdmins(NotAllowed):
    """Botpress can't be asked for roles: its address is not known. Takes `email`, `workspace`."""

    code = "only_super_admins"
    words = Words(
        "Este servicio no sabe qué permite el rol de {email}, porque falta la dirección de Botpress. Pida al "
        "administrador que defina BOTPRESS_URL y reinicie el servicio; hasta entonces solo entran los "
        "superadministradores.",
        "This service does not know what the role of {email} allows, because Botpress's address is missing. "
        "Ask the administrator to set BOTPRESS_URL and restart the service; until then only super admins "
        "may enter.",
    )
    botpress = NoAccessToWorkspace.botpress


class BotpressUnavailable(AccessRefused):
    """It is not known now whether the request may pass: 503, never "allowed". Takes `reason`."""

    kind = RefusalKind.UNAVAILABLE
    code = "botpress_unavailable"
    words = Words(
        "No se pudo consultar a Botpress qué permisos tiene usted ({reason}). Intente de nuevo en unos "
        "segundos; si sigue igual, avise al administrador: Botpress debe responder en BOTPRESS_URL.",
        "Botpress could not be asked for your permissions ({reason}). Try again in a few seconds; if that "
        "does not help, tell the administrator: Botpress must answer at BOTPRESS_URL.",
    )
    botpress = "Service Unavailable: Botpress can't be asked for permissions"


class SecretUnknown(BotpressUnavailable):
    """Takes no values."""

    code = "secret_unknown"
    words = Words(
        "Este servicio no conoce el secreto con el que Botpress firma las sesiones. El administrador debe "
        "darle la carpeta de datos de Botpress (BOTPRESS_DATA_DIR), donde "
        "global/botpress.config.json tiene appSecret, o el mismo BP_CONFIG_APPSECRET que tiene Botpress.",
        "This service does not know the secret with which Botpress signs its sessions. The administrator has "
        "to give it Botpress's data folder (BOTPRESS_DATA_DIR), where global/botpress.config.json has "
        "appSecret, or the same BP_CONFIG_APPSECRET that Botpress has.",
    )
    botpress = "Service Unavailable: the secret of Botpress's tokens is not known"


# Botpress escapes the messages of its errors in this way (common/http.ts), so that no page renders them.
_ESCAPED = str.maketrans({"<": "&lt;", ">": "&gt;", "/": "&#x2F;", "\\": "&#x5C;", "`": "&#96;"})


def _shown(value: str) -> str:
    text = "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in value
    )
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
