"""Confidentiality labels of STANAG 4774, alone or bound to data by STANAG 4778, as labels of the bus, and back.

No format of messages: formats that carry such a label read and write it here. A label says whose policy it follows;
which classifications that policy has, and what it calls a release, is a `Policy` of the mission and never guessed:
levels of two policies are compared only where the operator's table says which equals which.

1. Readers need the classification, all values of each RESTRICTIVE category and one value of each PERMISSIVE category;
   INFORMATIVE categories are shown. A category of any other type is read as RESTRICTIVE.
2. The category that a policy names as its release becomes ``releasable_to``; all others stay categories.
3. Signatures are not checked, and successions not acted on: both are losses.

Source: ADatP-4774 and ADatP-4778, edition A; reference formats.md §9.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple, cast, get_args
from xml.etree.ElementTree import Element

from adapters import documents, markings, times, xml
from adapters.base import Loss, Rejected
from adapters.branches import Branch, Tree
from adapters.documents import split
from schemas.envelope import Warning
from schemas.label import Category, Label
from schemas.time import TimeValue

NAMESPACE: Final = "urn:nato:stanag:4774:confidentialitymetadatalabel:1:0"
BINDING: Final = "urn:nato:stanag:4778:bindinginformation:1:0"
ROOTS: Final = (
    "originatorConfidentialityLabel", "alternativeConfidentialityLabel", "metadataConfidentialityLabel",
    "ConfidentialityLabel",
)  # fmt: skip
TYPES: Final = get_args(Category.__annotations__["type"])

_OWN: Final = frozenset({NAMESPACE, BINDING})
_CODE: Final = re.compile(r"[A-Z]{2,3}")  # of a country
_MAX_BINDINGS: Final = 1_000
_MAX_VALUES: Final = 1_000
_ORDER: Final = {
    "ConfidentialityInformation": ("PolicyIdentifier", "Classification", "PrivacyMark", "Category"),
    **dict.fromkeys(ROOTS, ("ConfidentialityInformation", "OriginatorID", "CreationDateTime")),
}


class Policy(NamedTuple):
    """What a mission knows of a security policy.

    ``classifications`` are its levels, lowest first; ``equals`` maps a word of any policy to one of them, as the
    operator signed it; ``release_tags`` are the tags of its release category, the first of which is written;
    ``groups`` are names that may stand in a list of countries.
    """

    identifier: str
    classifications: tuple[str, ...] = ()
    equals: tuple[tuple[str, str], ...] = ()
    release_tags: tuple[str, ...] = ("Releasable To", "ReleasableTo", "REL TO", "Release To")
    groups: tuple[str, ...] = ()

    def level(self, label: Label) -> int | None:
        """Return how high a label is classified, from 0; None if this policy cannot tell."""
        word = label.classification.casefold()
        known = [c.casefold() for c in self.classifications]
        if label.policy.casefold() != self.identifier.casefold() or word not in known:
            word = {theirs.casefold(): ours.casefold() for theirs, ours in self.equals}.get(word, "")
        return known.index(word) if word in known else None

    def is_release(self, tag: str) -> bool:
        """Say whether a category of this tag lists to whom something may be released."""
        return _flat(tag) in {_flat(t) for t in self.release_tags}


UN: Final = Policy("UN", ("UNCLASSIFIED", "CONFIDENTIAL", "STRICTLY CONFIDENTIAL"))
"""ST/SGB/2007/6; a mission adds its own practice, for example UN RESTRICTED."""


class Bound(NamedTuple):
    """A label, the name of its element, and the data that it is bound to; a bare label is bound to what holds it."""

    label: Label
    element: str
    data: tuple[str, ...] = ()


class Reading(NamedTuple):
    """What was read: the labels in document order, what no field took, and what should be looked at."""

    bound: tuple[Bound, ...]
    losses: tuple[Loss, ...] = ()
    warnings: tuple[Warning, ...] = ()


def read(data: bytes, policy: Policy = UN, at: int = 0) -> Reading:
    """Read a label, or a binding of several. ``at`` is the instant by which a review is due, in microseconds UTC.

    Raises:
        Rejected: it is neither, or a label has no policy or classification.
    """
    return of_element(xml.parse(data, namespaces=True), policy, at)


def of_element(root: Element, policy: Policy = UN, at: int = 0) -> Reading:
    """Read the same out of an element that was parsed with its namespaces; the element is renamed while it is read.

    Raises:
        Rejected: as for `read`.
    """
    namespace, local = split(str(root.tag))
    if namespace not in _OWN or local not in (*ROOTS, "BindingInformation"):
        hint = f"send a label of the namespace {NAMESPACE}, or a binding of {BINDING}"
        raise Rejected(str(root.tag)[:200], "it is no confidentiality label", hint)
    _, _, leaves, below, _ = documents.of_element(root, _OWN)
    warnings: list[Warning] = []
    branch = Branch(local, leaves, below)
    found = _bindings(branch, policy, at, warnings) if local == "BindingInformation" else [
        Bound(_label(branch, policy, at, warnings), local)
    ]  # fmt: skip
    losses = tuple(Loss(path=path, value=value, why=_why(path)) for path, value in leaves.items())
    return Reading(tuple(found), losses, tuple(warnings))


def _bindings(root: Branch, policy: Policy, at: int, warnings: list[Warning]) -> list[Bound]:
    found: list[Bound] = []
    for container in root.each("MetadataBindingContainer"):
        for binding in container.each("MetadataBinding"):
            references = tuple([u for d in binding.each("DataReference") if (u := _attribute(d, "URI"))])
            for metadata in binding.each("Metadata"):
                for name in ROOTS:
                    found += (Bound(_label(b, policy, at, warnings), name, references) for b in metadata.each(name))
    if not found or len(found) > _MAX_BINDINGS:
        raise Rejected(root.path, f"it binds {len(found)} labels", f"bind from 1 to {_MAX_BINDINGS} labels to data")
    return found


def _label(branch: Branch, policy: Policy, at: int, warnings: list[Warning]) -> Label:
    found = branch.each("ConfidentialityInformation")
    inside = found[0] if found else branch
    identifier = _needed(inside, "PolicyIdentifier")
    classification = _needed(inside, "Classification")
    if _flat(identifier) != _flat(policy.identifier) and classification not in dict(policy.equals):
        text = f'the policy "{identifier}" is not that of the mission ("{policy.identifier}")'
        warnings.append(Warning(code="unknown-policy", path=f"{inside.path}/PolicyIdentifier", text=text))
    release, categories = _categories(inside, policy, warnings)
    review = _time(_attribute(branch, "ReviewDateTime"), f"{branch.path}/@ReviewDateTime", warnings)
    if review is not None and review.utc is not None and 0 < review.utc < at:
        text = f'it was to be reviewed at "{review.raw}"'
        warnings.append(Warning(code="review-due", path=f"{branch.path}/@ReviewDateTime", text=text))
    return Label(
        releasable_to=release,
        policy=identifier,
        classification=classification,
        categories=categories,
        privacy_mark="; ".join(filter(None, (m.own() for m in inside.each("PrivacyMark")))),
        created=_time(branch.text("CreationDateTime"), f"{branch.path}/CreationDateTime", warnings),
        review_at=review,
    )


def _needed(branch: Branch, name: str) -> str:
    value = branch.text(name)
    if not value:
        raise Rejected(f"{branch.path}/{name}", "it is missing", "a label names its policy and its classification")
    return value


def _categories(
    inside: Branch, policy: Policy, warnings: list[Warning]
) -> tuple[tuple[str, ...] | None, tuple[Category, ...]]:  # fmt: skip
    """Return to whom it may be released, and the categories besides.

    A second list of releases stays a category: whoever reads needs one value of each.
    """
    release: tuple[str, ...] | None = None
    others: list[Category] = []
    for branch in inside.each("Category"):
        tag, said = _attribute(branch, "TagName"), _attribute(branch, "Type")
        values = tuple([v for b in branch.each("GenericValue") for v in _values(b, policy, warnings)])
        if len(values) > _MAX_VALUES:
            raise Rejected(branch.path, f"it has {len(values)} values", f"a category has at most {_MAX_VALUES}")
        kind = said.upper() if said.upper() in TYPES else "RESTRICTIVE"
        if kind != said:
            text = f'"{said[:40]}" is no type of a category: read as {kind}'
            warnings.append(Warning(code="category-type", path=f"{branch.path}/@Type", text=text))
            if said:
                branch.put_back("@Type", said)
        if kind == "PERMISSIVE" and policy.is_release(tag) and release is None:
            release = () if values == (markings.NOBODY,) else values
        else:
            others.append(Category(tag=tag, type=cast(Any, kind), values=values))
    return release, tuple(others)


def _values(branch: Branch, policy: Policy, warnings: list[Warning]) -> tuple[str, ...]:
    """Return the values of one element: a list of countries that was written into one is taken apart."""
    text = branch.own()
    parts = text.replace(",", " ").split()
    names = {g.upper() for g in policy.groups}
    if len(parts) > 1 and text.upper() not in names and all(_CODE.fullmatch(p) or p in names for p in parts):
        warnings.append(Warning(code="list-split", path=branch.path, text=f'"{text[:80]}" was read as a list'))
        return tuple(parts)
    return (text,) if text else ()


def _attribute(branch: Branch, name: str) -> str:
    return branch.leaves.pop(f"{branch.path}/@{name}", "").strip()


def _time(raw: str, path: str, warnings: list[Warning]) -> TimeValue | None:
    if not raw:
        return None
    value = times.iso(raw)
    if value.utc is None:
        warnings.append(Warning(code="time-unread", path=path, text=f'"{raw[:40]}" names no instant'))
    return value


def _why(path: str) -> str:
    if "/ds:" in path:
        return "a signature holds for the bytes as received, and is not checked here"
    if "/SuccessionHandling" in path:
        return "what follows this label is for people to decide"
    return ""


def _flat(name: str) -> str:
    return "".join(name.split()).casefold()


# -- writing and combining --------------------------------------------------------------------------------------------


def write(label: Label, policy: Policy = UN, at: int = 0, root: str = ROOTS[0]) -> bytes:
    """Return a label as a document. ``at`` is when it was put on, if the label does not say so itself.

    Raises:
        Rejected: it has no classification, or nobody says since when it holds: neither is made up.
    """
    if not label.classification:
        known = f"write one of: {', '.join(policy.classifications)}" if policy.classifications else "state one"
        raise Rejected("label.classification", "a confidentiality label needs one", known)
    tree = Tree()
    tree.attributes["xmlns"] = NAMESPACE
    if review := _stamp(label.review_at):
        tree.attributes["ReviewDateTime"] = review
    inside = "ConfidentialityInformation"
    tree.put(f"{inside}/PolicyIdentifier", label.policy or policy.identifier)
    tree.put(f"{inside}/Classification", label.classification)
    for n, mark in enumerate(filter(None, label.privacy_mark.split("; ")), 1):
        tree.put(f"{inside}/PrivacyMark[{n}]", mark)
    for n, category in enumerate(_all_categories(label, policy), 1):
        path = f"{inside}/Category[{n}]"
        tree.put(f"{path}/@TagName", category.tag)
        tree.put(f"{path}/@Type", category.type)
        for m, value in enumerate(category.values, 1):
            tree.put(f"{path}/GenericValue[{m}]", value)
    created = _stamp(label.created) or _stamp(TimeValue(utc=at or None))
    if not created:
        raise Rejected("label.created", "a confidentiality label says when it was put on", "state the time")
    tree.put("CreationDateTime", created)
    return ('<?xml version="1.0" encoding="UTF-8"?>' + tree.text(root, _ORDER)).encode()


def _all_categories(label: Label, policy: Policy) -> tuple[Category, ...]:
    if label.releasable_to is None:
        return label.categories
    values = label.releasable_to or (markings.NOBODY,)
    return (Category(tag=policy.release_tags[0], type="PERMISSIVE", values=values), *label.categories)


def combined(labels: Sequence[Label], policy: Policy = UN) -> Label:
    """Return the label of a whole made of parts: highest level, release common to all, every restriction.

    Where a level cannot be compared with the others, nobody but the originator may read the whole.
    """
    if not labels:
        return Label(releasable_to=())
    levels = [policy.level(label) for label in labels]
    known = [level for level in levels if level is not None]
    lists = [set(label.releasable_to) for label in labels if label.releasable_to is not None]
    release: tuple[str, ...] | None = tuple(sorted(set.intersection(*lists))) if lists else None
    if len(known) < len(labels) and len({(_flat(la.policy), la.classification.casefold()) for la in labels}) > 1:
        release = ()
    restrictive: dict[str, dict[str, None]] = {}
    others: dict[Category, None] = {}
    for category in (c for label in labels for c in label.categories):
        if category.type == "RESTRICTIVE":
            restrictive.setdefault(category.tag, {}).update(dict.fromkeys(category.values))
        else:
            others[category] = None  # of several PERMISSIVE ones a reader needs one value each: their intersection
    highest = policy.classifications[max(known)] if known else labels[0].classification
    return Label(
        releasable_to=release,
        policy=policy.identifier if known else labels[0].policy,
        classification=highest,
        categories=(
            *(Category(tag=tag, type="RESTRICTIVE", values=tuple(v)) for tag, v in restrictive.items()), *others,
        ),
        privacy_mark="; ".join(dict.fromkeys(filter(None, (label.privacy_mark for label in labels)))),
    )  # fmt: skip


def _stamp(value: TimeValue | None) -> str:
    if value is None or value.utc is None:
        return ""
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value.utc)
    return value.raw if times.iso(value.raw).utc == value.utc else at.isoformat().replace("+00:00", "Z")
