"""What may be wrong with a message, in words, by code: the preview, the test message and the start say it."""

from __future__ import annotations

from collections.abc import Mapping

from bot_config.words import Words

FLAWS: Mapping[str, Words] = {
    "missing_column": Words(
        "El archivo no tiene la columna «{column}» que la plantilla necesita.",
        "The file has no column {column}, which the template needs.",
    ),
    "empty_value": Words(
        "Una variable queda vacía; Meta rechaza el mensaje. Llene esa celda.",
        "A variable is empty; Meta rejects the message. Fill in that cell.",
    ),
    "unfit_value": Words(
        "«{value}» lleva un salto de línea, un tabulador o más de cuatro espacios; Meta lo rechaza.",
        "{value} contains a line break, a tab or more than four spaces; Meta rejects it.",
    ),
    "wrong_number_of_values": Words(
        "La plantilla tiene {expected} variables y el mensaje lleva {given}. Elija qué columnas las llenan.",
        "The template has {expected} placeholders and the message fills {given}. Choose their columns.",
    ),
    "too_long": Words(
        "El texto mide {length} caracteres; el máximo es {most}. Acorte las variables.",
        "The text has {length} characters; the maximum is {most}. Shorten the variables.",
    ),
    "slot_empty": Words(
        "Falta llenar {slot}.",
        "{slot} is not filled.",
    ),
    "unknown_slot": Words(
        "La plantilla no tiene {slot}. Tiene: {slots}.",
        "The template has no {slot}. It has: {slots}.",
    ),
    "only_by_components": Words(
        "La plantilla lleva una parte que solo se llena por la API, con template_components: {part}.",
        "The template has a part that only the API can fill, by template_components: {part}.",
    ),
    "slot_too_long": Words(
        "{slot}: el texto pasa de {most} caracteres, que es lo más que admite WhatsApp. Acórtelo.",
        "{slot}: the text has more than {most} characters, the most that WhatsApp allows. Shorten it.",
    ),
    "whole_address": Words(
        "{slot}: aquí va solo el final de la dirección, lo que sigue a la de la plantilla; «{value}» es una "
        "dirección entera.",
        "{slot}: only the end of the address goes here, what follows the template's own; {value} is a whole "
        "address.",
    ),
    "not_a_link": Words(
        "{slot}: «{value}» no es la dirección de un archivo. Empieza con https://.",
        "{slot}: {value} is not the address of a file. It begins with https://.",
    ),
    "not_degrees": Words(
        "{slot}: «{value}» no son grados. Escríbalos con punto, como 19.4326 o -99.1332.",
        "{slot}: {value} is not degrees. Write them with a point, such as 19.4326 or -99.1332.",
    ),
    "not_a_time": Words(
        "{slot}: «{value}» no es una fecha con hora. Escríbala así: 2026-12-24T23:59.",
        "{slot}: {value} is not a day with a time. Write it like this: 2026-12-24T23:59.",
    ),
    "offer_expired": Words(
        "{slot}: la oferta ya venció ({value}).",
        "{slot}: the offer has already expired ({value}).",
    ),
    "link_unreachable": Words(
        "Meta no podrá tomar {link}: esa dirección no contesta ({detail}).",
        "Meta won't be able to fetch {link}: that address does not answer ({detail}).",
    ),
    "link_private": Words(
        "Meta no podrá tomar {link}: no está en una dirección pública de internet.",
        "Meta won't be able to fetch {link}: it is not at a public address of the internet.",
    ),
    "link_answer": Words(
        "Meta no podrá tomar {link}: ese servidor contesta {detail} en vez del archivo.",
        "Meta won't be able to fetch {link}: that server answers {detail} instead of the file.",
    ),
    "link_redirects": Words(
        "Meta no podrá tomar {link}: redirige demasiadas veces. Use la dirección final.",
        "Meta won't be able to fetch {link}: it redirects too often. Use the final address.",
    ),
    "link_type": Words(
        "En {link} hay un archivo de tipo {detail}, que ahí no se admite.",
        "At {link} there is a file of the type {detail}, which is not taken there.",
    ),
    "link_large": Words(
        "El archivo de {link} mide {detail} MB, más de lo que admite WhatsApp.",
        "The file at {link} has {detail} MB, more than WhatsApp takes.",
    ),
    "names_missing": Words(
        "La plantilla nombra sus variables, y los valores no llevan parameter_name ({names}).",
        "The template names its placeholders, and the values have no parameter_name ({names}).",
    ),
    "names_unexpected": Words(
        "La plantilla numera sus variables; quite parameter_name ({names}).",
        "The template numbers its placeholders; remove parameter_name ({names}).",
    ),
    "wrong_header_kind": Words(
        "El encabezado de la plantilla es «{expected}», y el mensaje lleva «{given}».",
        "The template's header is {expected}, and the message has {given}.",
    ),
    "component_without_slot": Words(
        "En la plantilla no hay nada que llenar en {part}; quite ese componente.",
        "The template has nothing to be filled in {part}; remove that component.",
    ),
    "wrong_button_kind": Words(
        "Ese botón de la plantilla es «{expected}», y el mensaje lo llena como «{given}».",
        "That button of the template is {expected}, and the message fills it as {given}.",
    ),
    "wrong_number_of_cards": Words(
        "La plantilla tiene {expected} tarjetas, y el mensaje lleva {given}.",
        "The template has {expected} cards, and the message has {given}.",
    ),
    "template_unknown": Words(
        "La cuenta de WhatsApp no tiene la plantilla «{name}» en el idioma {locale}.",
        "The WhatsApp account has no template {name} in the language {locale}.",
    ),
    "template_not_approved": Words(
        "La plantilla no está aprobada (estado: {status}).",
        "The template is not approved (its status is {status}).",
    ),
}
