"""The exceptions of quotex.

- QuotexError
  - LanguageError (ValueError): a language that quotex has no rules for
  - ModelPackageError (ValueError): a model package that Stanza does not list
  - ModelNotFoundError (FileNotFoundError): models that are known but not on this machine
  - ModelDownloadError (OSError): models that could not be downloaded
  - FormatError (ValueError): a data file or serialized result that cannot be read

Odd *text* never raises: it is recorded as a `Note`.
"""

from pathlib import Path


class QuotexError(Exception):
    """Base class of all errors that quotex raises on purpose, `TypeError` for a wrong argument type excepted.

    >>> issubclass(FormatError, QuotexError)
    True
    """


class LanguageError(QuotexError, ValueError):
    """The requested language has no rules in quotex.

    Attributes:
        language: The code that was asked for.
        available: The codes that can be asked for, sorted.

    >>> raise LanguageError("xx", ("en",))
    Traceback (most recent call last):
    quotex._errors.LanguageError: unknown language 'xx'; available: en
    """

    def __init__(self, language: str, available: tuple[str, ...]) -> None:
        self.language = language
        self.available = available
        super().__init__(f"unknown language {language!r}; available: {', '.join(available)}")

    def __reduce__(self) -> tuple[type["LanguageError"], tuple[str, tuple[str, ...]]]:
        return type(self), (self.language, self.available)


class ModelPackageError(QuotexError, ValueError):
    """The requested model package is unknown.

    Attributes:
        package: The name that was asked for.
        available: The names that can be asked for, sorted.

    >>> raise ModelPackageError("huge", ("compact", "default"))
    Traceback (most recent call last):
    quotex._errors.ModelPackageError: unknown model package 'huge'; available: compact, default
    """

    def __init__(self, package: str, available: tuple[str, ...]) -> None:
        self.package = package
        self.available = available
        super().__init__(f"unknown model package {package!r}; available: {', '.join(available)}")

    def __reduce__(self) -> tuple[type["ModelPackageError"], tuple[str, tuple[str, ...]]]:
        return type(self), (self.package, self.available)


class ModelNotFoundError(QuotexError, FileNotFoundError):
    """A known model package is not on this machine.

    Attributes:
        package: The name that was asked for.
        directory: Where its files were looked for.
        command: The shell command that gets it.

    >>> raise ModelNotFoundError("default", Path("models"), "quotex models download default")
    Traceback (most recent call last):
    quotex._errors.ModelNotFoundError: no model package 'default' in models; get it with: quotex models download default
    """

    def __init__(self, package: str, directory: Path, command: str) -> None:
        self.package = package
        self.directory = directory
        self.command = command
        super().__init__(f"no model package {package!r} in {directory}; get it with: {command}")

    def __reduce__(self) -> tuple[type["ModelNotFoundError"], tuple[str, Path, str]]:
        return type(self), (self.package, self.directory, self.command)

    def __str__(self) -> str:
        return str(self.args[0])


class ModelDownloadError(QuotexError, OSError):
    """A model package could not be downloaded; what was downloaded of it stays, and another try goes on from there.

    Attributes:
        package: The name that was asked for.
        directory: Where its files were to go.
        reason: What Stanza's downloader said.

    >>> raise ModelDownloadError("default", Path("models"), "no route to host")
    Traceback (most recent call last):
    quotex._errors.ModelDownloadError: cannot download 'default' to models: no route to host
    """

    def __init__(self, package: str, directory: Path, reason: str) -> None:
        self.package = package
        self.directory = directory
        self.reason = reason
        super().__init__(f"cannot download {package!r} to {directory}: {reason}")

    def __reduce__(self) -> tuple[type["ModelDownloadError"], tuple[str, Path, str]]:
        return type(self), (self.package, self.directory, self.reason)

    def __str__(self) -> str:
        return str(self.args[0])


class FormatError(QuotexError, ValueError):
    """A data file or a serialized result is malformed.

    Attributes:
        reason: What is wrong and what was expected.
        source: The file or kind of input, as a person would name it.
        line: Line number, counted from 1, or `None` where the place is not a line.

    >>> raise FormatError("two tabs", "verbs.txt", 3)
    Traceback (most recent call last):
    quotex._errors.FormatError: verbs.txt, line 3: two tabs
    """

    def __init__(self, reason: str, source: str, line: int | None = None) -> None:
        self.reason = reason
        self.source = source
        self.line = line
        place = source if line is None else f"{source}, line {line}"
        super().__init__(f"{place}: {reason}")

    def __reduce__(self) -> tuple[type["FormatError"], tuple[str, str, int | None]]:
        return type(self), (self.reason, self.source, self.line)
