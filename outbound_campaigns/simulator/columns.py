"""Long columns of short values, held in arrays so that a million rows stay small."""

from array import array
from collections.abc import Iterator
from uuid import UUID


class TextColumn:
    """Texts one after the other in one buffer."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("Q")

    def append(self, text: str) -> None:
        """Add a text."""
        self._bytes += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._bytes))

    def __len__(self) -> int:
        return len(self._ends)

    def __iter__(self) -> Iterator[str]:
        start = 0
        for end in self._ends:
            yield self._bytes[start:end].decode("utf-8", "surrogatepass")
            start = end


class NumberColumn:
    """Numbers of up to 15 digits, leading zeros kept."""

    def __init__(self) -> None:
        self._values = array("Q")

    def append(self, digits: str) -> None:
        """Add a number."""
        self._values.append(_packed(digits))

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[str]:
        return (str(value)[1:] for value in self._values)


class UuidColumn:
    """UUIDs of 16 bytes each."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def append(self, value: UUID) -> None:
        """Add a UUID."""
        self._bytes += value.bytes

    def __len__(self) -> int:
        return len(self._bytes) // 16

    def __iter__(self) -> Iterator[str]:
        for start in range(0, len(self._bytes), 16):
            yield str(UUID(bytes=bytes(self._bytes[start : start + 16])))


def _packed(digits: str) -> int:
    return int("1" + digits)
