"""What is missing or wrong in Botpress's files, in words for the operator who has to mend it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: a code that never changes, and the sentence in Spanish and English."""

    code: str
    es: str
    en: str

    def text(self, language: str = "es") -> str:
        """The sentence in "es" or "en"; another language is taken as "es"."""
        return self.en if language == "en" else self.es


class Refusal(Exception):
    """A question about a bot that can't be answered; `problem` says why, without any file's content."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.problem.code}: {self.problem.en}"


class SourceUnavailable(Refusal):
    """The data folder or the database can't be asked now."""


class BotNotFound(Refusal):
    """There is no such bot, or Botpress would not mount it."""


class BotConfigBroken(Refusal):
    """A file that says something about the bot is there, but can't be used."""


class KeyRefused(Refusal):
    """The private key is not there, or can't be used."""
