"""Who decides: one file a kind. A class seen at one row is a Mesa agent; seen at many it is everyone of its kind."""

from sim.agents.academia import Academia
from sim.agents.backbone import Backbone
from sim.agents.business import Business
from sim.agents.foundation import Foundation
from sim.agents.local_authority import LocalAuthority
from sim.agents.ministry import Ministry
from sim.agents.ngo import NGO
from sim.agents.organisation import Organisation
from sim.agents.school import School

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
]
