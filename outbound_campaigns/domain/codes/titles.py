"""A few words above the reason: what kind of thing a code is about."""

from collections.abc import Mapping

from outbound_campaigns.domain.codes.code import CodeClass
from outbound_campaigns.domain.words import Words

TITLES: Mapping[CodeClass, Words] = {
    CodeClass.RETRY: Words("Falla pasajera", "Passing failure"),
    CodeClass.RETRY_LATER: Words("Hoy no se puede", "Not possible today"),
    CodeClass.RECIPIENT: Words("No se puede enviar a este número", "This number can't be reached"),
    CodeClass.OPT_OUT: Words("La persona no quiere mensajes", "The person wants no messages"),
    CodeClass.CAMPAIGN: Words("Algo de la campaña está mal", "Something about the campaign is wrong"),
    CodeClass.ACCOUNT: Words("Algo de la cuenta está mal", "Something about the account is wrong"),
    CodeClass.IN_DOUBT: Words("No se sabe si salió", "It may or may not have left"),
    CodeClass.UNKNOWN: Words("Código desconocido", "Unknown code"),
}
