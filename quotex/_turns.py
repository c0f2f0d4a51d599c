"""Stage 4, over the text: whose turn it is at an utterance that has no cue of its own.

Candidates are the speakers of the utterances before, who is proposed by the words beside it, and who is present in the
narration. A trained scorer (`_scorer`) takes one of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from quotex._attribution import Attribution
from quotex._discourse import Discourse
from quotex._entities import Entity, EntityTable
from quotex._scorer import Decision, Features, Observer, choose, load_weights
from quotex._types import SpeakerKind

TURN, DIALOGUE = "turn", "dialogue"
"""The scorers of texts in which speakers go on, as in news, and in which they take turns, as in novels."""
_CONVERSATION = 8
"""Utterances over which speakers go on taking turns."""
_PRESENT = 10
"""Candidates of the narration, the most salient ones."""
_FAR = 4
"""Paragraphs from which on nobody is heard any more: utterances do not answer each other, nor does who was told of."""
_METHODS = {"previous": "continuation", "other": "turn-taking", "called-before": "turn-taking", "rule": ""}


@attrs.frozen(kw_only=True)
class Turn:
    """An utterance of the outermost level, in its place among the others.

    Attributes:
        number: Its number.
        attribution: What the words beside it tell.
    """

    number: int
    attribution: Attribution

    @property
    def first(self) -> int:
        """Index of its first word."""
        return self.attribution.utterance.first


@attrs.frozen(kw_only=True)
class Taken:
    """A decision about a turn.

    Attributes:
        entity: Who speaks, or `None`.
        method: The rule that speaks most for it.
        probability: What the scorer gives it.
    """

    entity: Entity | None
    method: str
    probability: float


@attrs.define
class _Pending:
    """A turn that waits for what the words after it tell, with the candidates present at its start."""

    turn: Turn
    present: list[Entity]
    described: list[Features]


class Conversation:
    """The turns of a text in reading order; each is decided when the next one begins.

    Args:
        table: The entities.
        discourse: Their mentions, filled by whoever walks the text.
        observe: Told of every decision with its candidates.
    """

    def __init__(self, table: EntityTable, discourse: Discourse, observe: Observer | None = None) -> None:
        self._table = table
        self._discourse = discourse
        self._observe = observe
        self._pending: _Pending | None = None
        self._speakers: list[Entity | None] = []
        self._called: list[set[Entity]] = []
        self._asked: list[bool] = []

    def begin(self, turn: Turn) -> None:
        """An utterance begins; the one before has been settled."""
        utterance = turn.attribution.utterance
        words = [index for stretch in utterance.stretches for index in stretch.words]
        self._called.append({entity for entity in map(self._table.at, words) if entity is not None})
        self._asked.append(utterance.stretches[-1].ends == "?")
        if turn.attribution.open:
            present = self._discourse.present(turn.first, _can_speak, within=_FAR)
            described = self._discourse.describe(turn.first, present)
            order = sorted(range(len(present)), key=lambda number: -described[number]["salience"])[:_PRESENT]
            self._pending = _Pending(turn, [present[n] for n in order], [described[n] for n in order])

    def settle(self, spoken: Entity | None, proposed: Mapping[str, Entity | None]) -> Taken | None:
        """Close the turn that began last.

        Args:
            spoken: Its speaker, where it has a source phrase of its own.
            proposed: Who the rules propose, by rule, where it has none.

        Returns:
            The decision about a turn without a source phrase, or `None`.
        """
        pending, self._pending = self._pending, None
        taken = None if pending is None else self._decide(pending, proposed)
        speaker = spoken if taken is None else taken.entity
        self._speakers.append(speaker)
        if taken is not None and speaker is not None:
            self._discourse.spoke(speaker)
        return taken

    def _decide(self, pending: _Pending, proposed: Mapping[str, Entity | None]) -> Taken:
        known = dict(zip(pending.present, pending.described, strict=True))
        gap = pending.turn.attribution.gap
        near = self._speakers[-_CONVERSATION:] if gap is not None and gap < _FAR else []
        recent = [speaker for speaker in near if speaker is not None]
        more = [one for one in dict.fromkeys((*reversed(recent), *proposed.values())) if one and one not in known]
        known |= dict(zip(more, self._discourse.describe(pending.turn.first, more), strict=True))
        candidates = list(known)
        features = [{**known[entity], **self._turn_features(entity, pending, proposed)} for entity in candidates]
        name = DIALOGUE if pending.turn.attribution.alternating else TURN
        if name == TURN and self._asked[-2:-1] != [True]:
            # in news, bodies and unnamed people do not begin to speak unannounced
            fit = [at for at, entity in enumerate(candidates) if _is_heard(features[at]) or _is_somebody(entity)]
            candidates, features = [candidates[at] for at in fit], [features[at] for at in fit]
        if self._observe is not None:
            self._observe(
                Decision(name=name, word=pending.turn.first, features=tuple(features), entities=tuple(candidates))
            )
        choice = choose(name, features)
        if choice is None:
            return Taken(entity=None, method="none", probability=0.0)
        return Taken(
            entity=candidates[choice.place],
            method=_method(name, features[choice.place]),
            probability=choice.probability,
        )

    def _turn_features(self, entity: Entity, pending: _Pending, proposed: Mapping[str, Entity | None]) -> Features:
        attribution = pending.turn.attribution
        found = {f"rule:{rule}": 1.0 for rule, proposal in proposed.items() if proposal is entity}
        if proposed and not found:
            found["rule:another"] = 1.0
        if entity in self._called[-1]:
            found["called"] = 1.0
        if not self._speakers or attribution.gap is None:
            return found
        gap = min(attribution.gap, _FAR)
        asked = ":asked" if self._asked[-2] else ""
        for name, one in (("previous", self._speakers[-1]), ("other", _other(self._speakers))):
            if one is entity:
                found[f"{name}:{gap}"] = 1.0
                if asked:
                    found[f"{name}:{min(gap, 1)}{asked}"] = 1.0
        if entity in self._called[-2] and gap < _FAR:
            found[f"called-before:{gap}"] = 1.0
        return found


def _is_somebody(entity: Entity) -> bool:
    return entity.kind is SpeakerKind.PERSON and bool(entity.names)


def _is_heard(features: Features) -> bool:
    """Whether a candidate has just spoken, or words beside the utterance propose it."""
    sorts = (name.partition(":") for name in features)
    return any(sort in ("previous", "rule") and rest != "another" for sort, _, rest in sorts)


def _other(speakers: Sequence[Entity | None]) -> Entity | None:
    """Who spoke last before the last speaker, in the same conversation."""
    recent = speakers[-_CONVERSATION:]
    return next((one for one in reversed(recent) if one is not None and one is not recent[-1]), None)


def _can_speak(entity: Entity) -> bool:
    return entity.kind in (SpeakerKind.PERSON, SpeakerKind.ORGANIZATION, SpeakerKind.GROUP)


def _method(scorer: str, features: Features) -> str:
    """The rule whose features weigh most."""
    weights = load_weights(scorer)
    best: dict[str, float] = {}
    for name in features:
        sort, _, rest = name.partition(":")
        if sort in _METHODS and rest != "another":
            method = _METHODS[sort] or rest
            best[method] = best.get(method, 0.0) + weights.get(name, 0.0)
    return max(best, key=best.__getitem__, default="presence")
