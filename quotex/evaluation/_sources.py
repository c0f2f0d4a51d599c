"""What the loaders share: reading text without shifting an offset, and a corpus's list of documents."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import attrs

from quotex._errors import FormatError
from quotex.evaluation._gold import GoldDocument


@attrs.frozen(kw_only=True)
class Entry:
    """A document of a corpus that has not been read yet.

    Attributes:
        name: The document's name, unique in the corpus.
        read: Reads it; raises `FormatError` or `OSError` where it is broken.
    """

    name: str
    read: Callable[[], GoldDocument]


def read_text(path: Path) -> str:
    """The file's text with its line ends as they are: translating them would shift every offset.

    Raises:
        FormatError: The file is not UTF-8.
        OSError: The file cannot be read.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise FormatError(f"not UTF-8: {error.reason} at byte {error.start}", str(path)) from error
