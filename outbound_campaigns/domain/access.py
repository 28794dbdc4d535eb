"""Names an account together with the credentials with which it is used."""

from typing import NamedTuple


class Access(NamedTuple):
    """An account's apiKey, and the fingerprint of the credentials with which it is used.

    Others may name the account without its secret; what Vonage answers them is no affair of its owner's.
    """

    account: str
    credentials: str

    def __str__(self) -> str:
        return f"{self.account} {self.credentials}"
