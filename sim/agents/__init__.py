"""The agents that decide, one file a kind. A class seen at one row is a Mesa agent; seen at many it is everyone of its kind."""

from sim.agents.academia import Academia
from sim.agents.backbone import Backbone
from sim.agents.business import Business
from sim.agents.foundation import Foundation
from sim.agents.kinds import KIND_CLASSES, OWN_CLASSES
from sim.agents.local_authority import LocalAuthority
from sim.agents.ministry import Ministry
from sim.agents.ngo import NGO
from sim.agents.organisation import KindParameters, Organisation
from sim.agents.registration import add_kind, classes_with
from sim.agents.school import School
from sim.agents.validation import decisions_of

__all__ = [
    "KIND_CLASSES",
    "NGO",
    "OWN_CLASSES",
    "Academia",
    "Backbone",
    "Business",
    "Foundation",
    "KindParameters",
    "LocalAuthority",
    "Ministry",
    "Organisation",
    "School",
    "add_kind",
    "classes_with",
    "decisions_of",
]
