"""What a run gained and lost against an older one, item by item."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from quotex.evaluation._score import Item


@attrs.frozen(kw_only=True)
class Change:
    """One verdict that differs between two runs.

    Attributes:
        document: The document.
        item: The annotated quotation's id.
        text: Its words.
        field: `found`, or the field that is judged.
        gained: Whether it became right; otherwise it was lost.
        wanted: The right answer.
        before: The older run's answer.
        after: The newer run's.
    """

    document: str
    item: str
    text: str
    field: str
    gained: bool
    wanted: str | None
    before: str | None
    after: str | None


@attrs.frozen(kw_only=True)
class Comparison:
    """Two runs side by side.

    Attributes:
        changes: In the order of the newer run.
        shared: How many items are in both runs.
        only_old: How many are in the older one only.
        only_new: How many are in the newer one only.
    """

    changes: tuple[Change, ...]
    shared: int
    only_old: int
    only_new: int


def compare(old: Iterable[Item], new: Iterable[Item]) -> Comparison:
    """Compare two runs on the same corpus; items are the same by document, id and words."""
    before = {(item.document, item.id, item.text): item for item in old}
    after = {(item.document, item.id, item.text): item for item in new}
    shared = [key for key in after if key in before]
    return Comparison(
        changes=tuple(change for key in shared for change in _changes(before[key], after[key])),
        shared=len(shared),
        only_old=len(before) - len(shared),
        only_new=len(after) - len(shared),
    )


def _changes(old: Item, new: Item) -> Iterator[Change]:
    """A quotation that was found or lost is one change, whatever its fields."""
    if old.found != new.found:
        yield Change(
            document=new.document,
            item=new.id,
            text=new.text,
            field="found",
            gained=new.found,
            wanted=new.text,
            before=old.text if old.found else None,
            after=new.text if new.found else None,
        )
        return
    for field, right in new.verdicts.items():
        if field in old.verdicts and old.verdicts[field] != right:
            yield Change(
                document=new.document,
                item=new.id,
                text=new.text,
                field=field,
                gained=right,
                wanted=new.wanted.get(field),
                before=old.given.get(field),
                after=new.given.get(field),
            )
