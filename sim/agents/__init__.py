"""Who decides: one file a kind. A class seen at one row is a Mesa agent; seen at many it is everyone of its kind."""

from collections.abc import Mapping

from sim.agents.academia import Academia
from sim.agents.backbone import Backbone
from sim.agents.business import Business
from sim.agents.foundation import Foundation
from sim.agents.local_authority import LocalAuthority
from sim.agents.ministry import Ministry
from sim.agents.ngo import NGO
from sim.agents.organisation import Organisation
from sim.agents.school import School
from sim.agents.validation import decisions_of, own, unasked
from sim.errors import Mistake, is_one_of, shown

KIND_CLASSES: dict[str, type[Organisation]] = {
    "ministry": Ministry,
    "foundation": Foundation,
    "business": Business,
    "ngo": NGO,
    "academia": Academia,
    "local_authority": LocalAuthority,
    "backbone": Backbone,
}
"""The class that decides for each kind; `sim.register` replaces one."""


OWN_CLASSES = dict(KIND_CLASSES)
"""The kinds and their own classes, whatever is registered: who decides for a kind comes from its own class."""


def classes_with(kinds: Mapping[str, type[Organisation]] | None) -> dict[str, type[Organisation]]:
    """The class that decides for each kind, with some in place of the kinds' own.

    Raises Mistake for a kind that there is not, what is no class of organisations or one of another kind, or a decision
    misspelt in a class.
    """
    if not isinstance(kinds, Mapping | None):
        raise Mistake(f"`kinds` gives classes by the name of their kind; got {shown(kinds)}")
    for name, decider in (kinds or {}).items():
        if not is_one_of(name, KIND_CLASSES):
            raise Mistake(f"unknown kind {shown(name)}; there are {', '.join(KIND_CLASSES)}")
        if not isinstance(decider, type) or not issubclass(decider, Organisation):
            raise Mistake(f"a class that decides for {name} must be one of `sim.agents`; got {shown(decider)}")
        parent = OWN_CLASSES[name]
        if not issubclass(decider, parent):
            raise Mistake(
                f"a class that decides for {name} must be a subclass of `{parent.__name__}`; `{decider.__name__}` is none"
            )
        wrong = "" if own(decider) else unasked(decider)
        if wrong:
            raise Mistake(wrong)
    return KIND_CLASSES | dict(kinds or {})


__all__ = [
    "KIND_CLASSES",
    "NGO",
    "Academia",
    "Backbone",
    "Business",
    "Foundation",
    "LocalAuthority",
    "Ministry",
    "Organisation",
    "School",
    "classes_with",
    "decisions_of",
]
