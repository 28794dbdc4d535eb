"""The accounts that a simulator knows, and what each may do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Account:
    """One Vonage account with one application.

    Without `public_key_pem` its JWTs are refused, without `api_secret` its Basic credentials. `senders` are
    the numbers it may send from and `wabas` the WhatsApp accounts it may read; empty means any.
    """

    api_key: str = ""
    api_secret: str = ""
    application_id: str = ""
    public_key_pem: str = ""
    signature_secret: str = ""
    senders: tuple[str, ...] = ()
    wabas: tuple[str, ...] = ()
    balance: float = 10.0

    def may_send_from(self, number: str) -> bool:
        """Return whether the number is one of the account's senders."""
        return not self.senders or number in self.senders

    def may_read(self, waba_id: str) -> bool:
        """Return whether the WhatsApp account is one of the account's own."""
        return not self.wabas or waba_id in self.wabas
