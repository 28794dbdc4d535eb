"""The sentences of all problems, by code, in Spanish and English."""

from bot_config.problems import Problem
from bot_config.words import Words

# Each sentence names the setting, the file that holds it, and what to do.
TEXTS: dict[str, Words] = {
    "source.no_workspaces": Words(
        "No se encuentra data/global/workspaces.json de Botpress; revise BOTPRESS_DATA_DIR (o "
        "BOTPRESS_DATABASE_URL, si Botpress guarda sus archivos en la base de datos).",
        "Botpress's data/global/workspaces.json was not found; check BOTPRESS_DATA_DIR (or "
        "BOTPRESS_DATABASE_URL, if Botpress keeps its files in the database).",
    ),
    "source.database_away": Words(
        "No se pudo consultar la base de datos de Botpress ({kind}); revise BOTPRESS_DATABASE_URL y "
        "que la base de datos esté en marcha.",
        "Botpress's database could not be queried ({kind}); check BOTPRESS_DATABASE_URL and that the "
        "database is running.",
    ),
    "file.unreadable": Words(
        "No se puede leer {file} ({why}); dé permiso de lectura al usuario con el que corre este servicio.",
        "{file} can't be read ({why}); let the user that runs this service read it.",
    ),
    "file.outside": Words(
        "{file} apunta fuera de la carpeta de datos de Botpress y no se lee; reemplace el enlace "
        "simbólico por el archivo mismo.",
        "{file} points outside Botpress's data folder and is not read; replace the symbolic link "
        "with the file itself.",
    ),
    "file.not_regular": Words(
        "{file} no es un archivo normal; reemplácelo por uno.",
        "{file} is not a regular file; replace it with one.",
    ),
    "file.too_large": Words(
        "{file} es demasiado grande para ser una configuración (más de {limit} bytes).",
        "{file} is too large for a configuration (more than {limit} bytes).",
    ),
    "file.not_text": Words(
        "{file} no es texto UTF-8; guárdelo con esa codificación.",
        "{file} is not UTF-8 text; save it in that encoding.",
    ),
    "file.broken_json": Words(
        "{file} no es JSON válido: corrija la línea {line}, columna {column}.",
        "{file} is not valid JSON: fix line {line}, column {column}.",
    ),
    "file.odd_json": Words(
        "{file} no se puede leer como JSON: tiene demasiados niveles o un número demasiado largo.",
        "{file} can't be read as JSON: it has too many levels or a number that is too long.",
    ),
    "file.wrong_shape": Words(
        "{file} debe contener {expected}; restaure la forma que escribe Botpress.",
        "{file} must contain {expected}; restore the form that Botpress writes.",
    ),
    "file.unset_variables": Words(
        "{file} usa variables de entorno que este servicio no tiene o que un bot no puede usar: {names}. "
        "Defínalas con el mismo valor que en Botpress, agréguelas a OUTBOUND_BOT_VARIABLES y reinicie el "
        "servicio.",
        "{file} uses environment variables that this service does not have, or that a bot may not use: "
        "{names}. Set them to the same value as in Botpress, add them to OUTBOUND_BOT_VARIABLES and "
        "restart the service.",
    ),
    "file.variable_breaks_json": Words(
        "Al sustituir las variables de entorno ({names}), {file} deja de ser JSON válido; revise sus "
        "valores.",
        "With its environment variables ({names}) filled in, {file} is no longer valid JSON; check "
        "their values.",
    ),
    "bot.disabled": Words(
        "El bot {bot} está deshabilitado en Botpress; habilítelo para enviar.",
        "The bot {bot} is disabled in Botpress; enable it to send.",
    ),
    "bot_not_found": Words(
        "No existe el bot {bot} en Botpress, o no pertenece a ningún espacio de trabajo "
        "(data/global/workspaces.json).",
        "Botpress has no bot {bot}, or it is in no workspace (data/global/workspaces.json).",
    ),
    "vonage.channel_missing": Words(
        "Falta el canal de Vonage: agregue messaging.channels.vonage en {file}.",
        "The Vonage channel is missing: add messaging.channels.vonage to {file}.",
    ),
    "vonage.disabled": Words(
        "El canal de Vonage está desactivado: ponga messaging.channels.vonage.enabled en true en {file}.",
        "The Vonage channel is turned off: set messaging.channels.vonage.enabled to true in {file}.",
    ),
    "vonage.api_key_missing": Words(
        "Falta apiKey en messaging.channels.vonage de {file}; está en el panel de Vonage, API settings.",
        "apiKey is missing in messaging.channels.vonage of {file}; Vonage's dashboard shows it under "
        "API settings.",
    ),
    "vonage.no_authorization": Words(
        "Falta apiSecret en messaging.channels.vonage de {file}; agréguelo, o defina tanto applicationId "
        "como privateKey.",
        "apiSecret is missing in messaging.channels.vonage of {file}; add it, or set both applicationId and "
        "privateKey.",
    ),
    "vonage.application_id_missing": Words(
        "Hay privateKey pero falta applicationId (y apiSecret): agregue uno de ellos. applicationId "
        "va en config/outbound-campaigns.json del bot o en messaging.channels.vonage de {file}.",
        "There is a privateKey, but applicationId (and apiSecret) is missing: add one of them. "
        "applicationId goes in the bot's config/outbound-campaigns.json or in "
        "messaging.channels.vonage of {file}.",
    ),
    "vonage.private_key_missing": Words(
        "Hay applicationId pero falta privateKey (y apiSecret): agregue uno de ellos. privateKey va "
        "en config/outbound-campaigns.json del bot o en messaging.channels.vonage de {file}.",
        "There is an applicationId, but privateKey (and apiSecret) is missing: add one of them. "
        "privateKey goes in the bot's config/outbound-campaigns.json or in messaging.channels.vonage "
        "of {file}.",
    ),
    "vonage.not_text": Words(
        "messaging.channels.vonage.{key} en {file} debe ser un texto entre comillas.",
        "messaging.channels.vonage.{key} in {file} must be text in quotes.",
    ),
    "vonage.not_flag": Words(
        "messaging.channels.vonage.{key} en {file} debe ser true o false.",
        "messaging.channels.vonage.{key} in {file} must be true or false.",
    ),
    "vonage.unset_variable": Words(
        "messaging.channels.vonage.{key} en {file} usa la variable de entorno {names}, que este "
        "servicio no tiene o que un bot no puede usar: defínala con el mismo valor que en Botpress, "
        "agréguela a OUTBOUND_BOT_VARIABLES y reinicie el servicio.",
        "messaging.channels.vonage.{key} in {file} uses the environment variable {names}, which this "
        "service does not have, or which a bot may not use: set it to the same value as in Botpress, add "
        "it to OUTBOUND_BOT_VARIABLES and restart the service.",
    ),
    "vonage.extra_keys": Words(
        'Con "version": "1.0.0", Botpress rechaza todos los canales del bot si '
        "messaging.channels.vonage de {file} tiene otras claves ({names}); páselas a "
        "config/outbound-campaigns.json del bot.",
        'With "version": "1.0.0", Botpress refuses every channel of the bot when '
        "messaging.channels.vonage of {file} has other keys ({names}); move them to the bot's "
        "config/outbound-campaigns.json.",
    ),
    "vonage.botpress_needs": Words(
        "El bot no contestará por WhatsApp: sin {names} en messaging.channels.vonage de {file}, Botpress no "
        "usa el canal.",
        "The bot will not answer on WhatsApp: without {names} in messaging.channels.vonage of {file}, "
        "Botpress does not use the channel.",
    ),
    "vonage.botpress_needs_key": Words(
        "El bot no contestará por WhatsApp: en messaging.channels.vonage de {file}, Botpress quiere en "
        "privateKey el texto de la clave, no su ruta. Este servicio acepta ambos.",
        "The bot will not answer on WhatsApp: in messaging.channels.vonage of {file}, Botpress wants the "
        "key's text as privateKey, not its path. This service takes both.",
    ),
    "key.not_found": Words(
        "No se encuentra el archivo de la clave{shown} que indica privateKey; ponga una ruta "
        "absoluta, o relativa a la carpeta de datos o a la del bot.",
        "The key file{shown} that privateKey names was not found; give an absolute path, or one "
        "relative to the data folder or the bot's folder.",
    ),
    "key.unreadable": Words(
        "No se puede leer el archivo de la clave{shown} ({why}); dé permiso de lectura al usuario con "
        "el que corre este servicio.",
        "The key file{shown} can't be read ({why}); let the user that runs this service read it.",
    ),
    "key.not_regular": Words(
        "Lo que indica privateKey{shown} no es un archivo; ponga la ruta del archivo PEM.",
        "What privateKey names{shown} is not a file; give the path of the PEM file.",
    ),
    "key.too_large": Words(
        "El archivo{shown} que indica privateKey es demasiado grande para ser una clave (más de "
        "{limit} bytes).",
        "The file{shown} that privateKey names is too large for a key (more than {limit} bytes).",
    ),
    "key.not_text": Words(
        "El archivo{shown} que indica privateKey no es una clave en formato PEM (texto); descárguela "
        "de nuevo.",
        "The file{shown} that privateKey names is not a key in PEM format (text); download it again.",
    ),
    "key.no_key": Words(
        "En privateKey{shown} no hay una clave privada válida; genere una en el panel de Vonage, "
        "Applications, y copie el archivo completo, con sus líneas BEGIN y END.",
        "There is no valid private key in privateKey{shown}; make one in Vonage's dashboard, "
        "Applications, and copy the whole file with its BEGIN and END lines.",
    ),
    "key.encrypted": Words(
        "La clave de privateKey{shown} está protegida con contraseña; ponga la clave sin contraseña.",
        "The key of privateKey{shown} is protected by a password; use the key without one.",
    ),
    "key.not_rsa": Words(
        "La clave de privateKey{shown} no es RSA, y Vonage solo acepta RSA; use la que genera su panel.",
        "The key of privateKey{shown} is not RSA, and Vonage takes only RSA; use the one its "
        "dashboard makes.",
    ),
    "settings.sender_missing": Words(
        "Falta el número remitente de WhatsApp: ponga senderNumber en {file}.",
        "The WhatsApp sender number is missing: set senderNumber in {file}.",
    ),
    "settings.senderNumber": Words(
        "senderNumber en {file} es {value}; debe ser un número con código de país, de 7 a 15 dígitos.",
        "senderNumber in {file} is {value}; it must be a number with its country code, 7 to 15 digits.",
    ),
    "settings.messagesPerSecond": Words(
        "messagesPerSecond en {file} es {value}; debe ser un número mayor que 0 y hasta 10000.",
        "messagesPerSecond in {file} is {value}; it must be a number above 0 and up to 10000.",
    ),
    "settings.defaultCountry": Words(
        'defaultCountry en {file} es {value}; debe ser un país en dos letras, como "MX".',
        'defaultCountry in {file} is {value}; it must be a country in two letters, such as "MX".',
    ),
    "settings.mexicoMobilePrefix": Words(
        "mexicoMobilePrefix en {file} es {value}; debe ser true o false.",
        "mexicoMobilePrefix in {file} is {value}; it must be true or false.",
    ),
    "settings.applicationId": Words(
        "applicationId en {file} es {value}; debe ser el id de la aplicación de Vonage, entre comillas.",
        "applicationId in {file} is {value}; it must be the id of the Vonage application, in quotes.",
    ),
    "settings.privateKey": Words(
        "privateKey en {file} debe ser la ruta de la clave o su texto PEM, entre comillas.",
        "privateKey in {file} must be the key's path or its PEM text, in quotes.",
    ),
    "settings.wabaId": Words(
        "wabaId en {file} es {value}; debe ser el id de la cuenta de WhatsApp Business: solo dígitos.",
        "wabaId in {file} is {value}; it must be the id of the WhatsApp Business account: digits only.",
    ),
    "settings.optOutWords": Words(
        "optOutWords en {file} es {value}; debe ser una lista de palabras entre comillas, como "
        '["BAJA", "ALTO"], cada una con letras o dígitos y de hasta 60 caracteres.',
        "optOutWords in {file} is {value}; it must be a list of words in quotes, such as "
        '["BAJA", "STOP"], each with letters or digits and of up to 60 characters.',
    ),
    "settings.replyDays": Words(
        "replyDays en {file} es {value}; debe ser un número de días mayor que 0 y hasta 365.",
        "replyDays in {file} is {value}; it must be a number of days above 0 and up to 365.",
    ),
    "settings.reconcileEveryHours": Words(
        "reconcileEveryHours en {file} es {value}; debe ser un número de horas mayor que 0 y hasta 720.",
        "reconcileEveryHours in {file} is {value}; it must be a number of hours above 0 and up to 720.",
    ),
    "settings.notFoundAfterMinutes": Words(
        "notFoundAfterMinutes en {file} es {value}; debe ser un número de minutos mayor que 0 y hasta 10080.",
        "notFoundAfterMinutes in {file} is {value}; it must be a number of minutes above 0 and up to 10080.",
    ),
    "settings.withoutReceiptAfterHours": Words(
        "withoutReceiptAfterHours en {file} es {value}; debe ser un número de horas mayor que 0 y hasta 720.",
        "withoutReceiptAfterHours in {file} is {value}; it must be a number of hours above 0 and up to 720.",
    ),
    "settings.reportRecordPrice": Words(
        "reportRecordPrice en {file} es {value}; debe ser un precio mayor que 0 y hasta 100.",
        "reportRecordPrice in {file} is {value}; it must be a price above 0 and up to 100.",
    ),
    "settings.checkMediaLinks": Words(
        "checkMediaLinks en {file} es {value}; debe ser true o false.",
        "checkMediaLinks in {file} is {value}; it must be true or false.",
    ),
    "settings.prices": Words(
        'prices en {file} es {value}; debe ser como {{"currency": "USD", "countries": {{"MX": '
        '{{"marketing": 0.0305, "utility": 0.0085}}, "CO": 0.012, "*": 0.05}}}}: la moneda en tres '
        'letras; países en dos letras, o "*" por los demás; categorías marketing, utility y '
        "authentication; precios de 0 a 100.",
        'prices in {file} is {value}; it must be like {{"currency": "USD", "countries": {{"MX": '
        '{{"marketing": 0.0305, "utility": 0.0085}}, "CO": 0.012, "*": 0.05}}}}: the currency in three '
        'letters; countries in two letters, or "*" for all others; categories marketing, utility and '
        "authentication; prices from 0 to 100.",
    ),
}


OBJECT = Words("un objeto {{...}}", "an object {{...}}")
LIST = Words("una lista [...]", "a list [...]")
"""what a file has to hold: `expected` of file.wrong_shape"""


def problem(code: str, **values: object) -> Problem:
    """Return the problem of a code of TEXTS, with `values` for the places of its sentence."""
    return Problem(TEXTS[code], values, code=code)
