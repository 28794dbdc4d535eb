"""Long columns of short values, stored in arrays so that a million rows stay small."""

from array import array
from collections.abc import Iterator
from contextlib import suppress
from uuid import UUID


class TextColumn:
    """A column of texts, one after the other in one buffer."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("Q")

    def append(self, text: str) -> None:
        """Add a text."""
        self._bytes += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._bytes))

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, place: int) -> str:
        start = self._ends[place - 1] if place else 0
        return self._bytes[start : self._ends[place]].decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        start = 0
        for end in self._ends:
            yield self._bytes[start:end].decode("utf-8", "surrogatepass")
            start = end


class NumberColumn:
    """A column of numbers of up to 15 digits that preserves leading zeros."""

    def __init__(self) -> None:
        self._values = array("Q")

    def append(self, digits: str) -> None:
        """Add a number."""
        self._values.append(_packed(digits))

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[str]:
        return (str(value)[1:] for value in self._values)

    def places(self, digits: str) -> Iterator[int]:
        """Yield the places of that number; quick, since only those found are read."""
        wanted, place = _packed(digits), -1
        with suppress(ValueError):
            while True:
                place = self._values.index(wanted, place + 1)
                yield place


class UuidColumn:
    """A column of UUIDs of 16 bytes each."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def append(self, value: UUID) -> None:
        """Add a UUID."""
        self._bytes += value.bytes

    def __len__(self) -> int:
        return len(self._bytes) // 16

    def __getitem__(self, place: int) -> str:
        return str(UUID(bytes=bytes(self._bytes[place * 16 : place * 16 + 16])))

    def __iter__(self) -> Iterator[str]:
        return map(self.__getitem__, range(len(self)))


class WordColumn:
    """A column of few different texts, each stored once."""

    def __init__(self) -> None:
        self._words: dict[str, int] = {}
        self._places = array("I")

    def append(self, word: str) -> None:
        """Add a text."""
        self._places.append(self._words.setdefault(word, len(self._words)))

    def __getitem__(self, place: int) -> str:
        return list(self._words)[self._places[place]]

    def __iter__(self) -> Iterator[str]:
        words = list(self._words)
        return (words[number] for number in self._places)


def _packed(digits: str) -> int:
    return int("1" + digits)
