"""The module's own settings: global < environment < bot, each value checked."""

import pytest

from bot_config.module_settings import ModuleSettings, read_settings
from bot_config.prices import CATEGORIES, PriceTable
from bot_config.problems import BotConfigBroken, Problem
from tests.support.data_folder import DataFolder

GLOBAL = "global/config/outbound-campaigns.json"
OWN = "bots/demo-bot/config/outbound-campaigns.json"
ENVIRONMENT = "BP_MODULE_OUTBOUND_CAMPAIGNS_"


def _read(folder: DataFolder, **environ: str) -> tuple[ModuleSettings, list[Problem]]:
    variables = {f"{ENVIRONMENT}{name}": value for name, value in environ.items()}
    return read_settings(folder.bots(variables), "demo-bot")


def _settings(folder: DataFolder, **environ: str) -> ModuleSettings:
    settings, problems = _read(folder, **environ)
    assert problems == []
    return settings


def test_without_files_the_defaults_hold(folder: DataFolder) -> None:
    assert _settings(folder) == ModuleSettings(
        sender_number=None,
        messages_per_second=20,
        default_country="MX",
        mexico_mobile_prefix=True,
        application_id=None,
        private_key=None,
        waba_id=None,
        opt_out_words=("BAJA", "STOP", "ALTO", "CANCELAR", "NO MOLESTAR", "PARAR", "UNSUBSCRIBE"),
        reply_days=7,
        prices=None,
    )


def test_every_setting_can_be_set(folder: DataFolder) -> None:
    content = {
        "$schema": "../../assets/modules/outbound-campaigns/config.schema.json",
        "senderNumber": "+52 1 442 259-1631",
        "messagesPerSecond": 0.5,
        "defaultCountry": "ar",
        "mexicoMobilePrefix": False,
        "applicationId": " id ",
        "privateKey": "keys/private.key",
        "wabaId": "123456789012345",
        "optOutWords": [" Fuera ", "NO MÁS"],
        "replyDays": 0.5,
        "reconcileEveryHours": 6,
        "notFoundAfterMinutes": 90,
        "withoutReceiptAfterHours": 48,
        "reportRecordPrice": 0.0001,
        "prices": {"currency": "USD", "countries": {"MX": {"marketing": 0.0305}, "*": 0.05}},
        "somethingLater": [1],
    }
    folder.write(OWN, content)
    assert _settings(folder) == ModuleSettings(
        "5214422591631",
        0.5,
        "AR",
        False,
        "id",
        "keys/private.key",
        "123456789012345",
        opt_out_words=("Fuera", "NO MÁS"),
        reply_days=0.5,
        reconcile_every_hours=6,
        not_found_after_minutes=90,
        without_receipt_after_hours=48,
        report_record_price=0.0001,
        prices=PriceTable(
            "USD",
            {"MX": {"marketing": 30_500}, "*": dict.fromkeys(CATEGORIES, 50_000)},
        ),
    )


def test_the_bot_goes_before_the_environment_and_that_before_the_global_file(folder: DataFolder) -> None:
    folder.write(GLOBAL, {"senderNumber": "1111111", "applicationId": "global", "messagesPerSecond": 1})
    folder.write(OWN, {"senderNumber": "3333333"})
    settings = _settings(folder, SENDERNUMBER="2222222", APPLICATIONID="environment")
    assert settings == ModuleSettings("3333333", 1, application_id="environment")


def test_the_environment_may_give_numbers_where_text_is_meant(folder: DataFolder) -> None:
    settings = _settings(
        folder, SENDERNUMBER="5214422591631", WABAID="123", MEXICOMOBILEPREFIX="false", MESSAGESPERSECOND="40"
    )
    assert settings == ModuleSettings("5214422591631", 40, mexico_mobile_prefix=False, waba_id="123")


@pytest.mark.parametrize("empty", [None, ""])
def test_an_empty_value_of_the_bot_takes_back_a_global_one(folder: DataFolder, empty: object) -> None:
    folder.write(GLOBAL, {"senderNumber": "1111111"})
    folder.write(OWN, {"senderNumber": empty})
    assert _settings(folder, APPLICATIONID="").sender_number is None


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("senderNumber", "123456"),
        ("senderNumber", "1" * 16),
        ("senderNumber", "044 (442) 259"),
        ("senderNumber", True),
        ("senderNumber", ["5214422591631"]),
        ("messagesPerSecond", 0),
        ("messagesPerSecond", -1),
        ("messagesPerSecond", 10_001),
        ("messagesPerSecond", "20"),
        ("messagesPerSecond", True),
        ("messagesPerSecond", float("nan")),
        ("defaultCountry", "UK"),
        ("defaultCountry", "México"),
        ("defaultCountry", 52),
        ("mexicoMobilePrefix", "no"),
        ("mexicoMobilePrefix", 1),
        ("applicationId", 7),
        ("applicationId", " "),
        ("wabaId", "my account"),
        ("optOutWords", "BAJA"),
        ("optOutWords", ["BAJA", 1]),
        ("optOutWords", ["BAJA", "¡!"]),
        ("optOutWords", ["x" * 61]),
        ("optOutWords", ["x"] * 101),
        ("replyDays", 0),
        ("replyDays", 366),
        ("replyDays", "7"),
        ("replyDays", True),
        ("reconcileEveryHours", 0),
        ("notFoundAfterMinutes", 10_081),
        ("withoutReceiptAfterHours", "24"),
        ("reportRecordPrice", -1),
        ("privateKey", {}),
        ("prices", 0.05),
        ("prices", {"countries": {"MX": 0.05}}),
    ],
)
def test_a_value_that_does_not_fit_is_reported_and_counts_as_not_given(
    folder: DataFolder, option: str, value: object
) -> None:
    folder.write(OWN, {option: value})
    settings, problems = _read(folder)
    assert settings == ModuleSettings()
    assert [problem.code for problem in problems] == [f"settings.{option}"]


def test_a_problem_names_setting_value_and_place(folder: DataFolder) -> None:
    folder.write(OWN, {"messagesPerSecond": "fast" * 20})
    _, problems = _read(folder, DEFAULTCOUNTRY="UK")
    country, rate = (problem.text("en") for problem in problems)
    assert f'defaultCountry in {ENVIRONMENT}DEFAULTCOUNTRY is "UK";' in country
    assert f'messagesPerSecond in data/{OWN} is "fastfast' in rate
    assert "…" in rate


def test_a_private_key_is_never_repeated(folder: DataFolder) -> None:
    folder.write(OWN, {"privateKey": ["hidden"]})
    _, problems = _read(folder)
    assert "hidden" not in problems[0].text("es") + problems[0].text("en")


def test_settings_show_no_secret_when_printed() -> None:
    assert "hidden" not in repr(ModuleSettings(private_key="hidden"))


@pytest.mark.parametrize("file", [GLOBAL, OWN])
@pytest.mark.parametrize("content", ["[]", "{"])
def test_a_broken_file_is_named(folder: DataFolder, file: str, content: str) -> None:
    folder.write(file, content)
    with pytest.raises(BotConfigBroken, match=f"data/{file}"):
        _read(folder)
