"""A small school file, organisation file and edge list, and the scenario that reads them."""

from __future__ import annotations

from sim.configuration import scenario

SCHOOLS = """\
school_id,year,district,sector,supervision,locality_cluster,nurture_quintile,maths_takers,maths_5unit_takers
1,2013,north,arab,state,3,5,300,26
1,2014,north,arab,state,3,5,282,28
2,2013,centre,jewish,state,8,1,187,34
3,2013,jerusalem,jewish,haredi,2,,31,
4,2013,tel_aviv,jewish,state_religious,7,2,60,8
5,2013,,,,,,22,0
6,2013,haifa,druze,state,4,3,,
"""

ORGANISATIONS = """\
name,kind,capacity,founder
Town,local_authority,0.5,
Fund,foundation,8,true
School of maths,academia,1.5,no
Ministry,ministry,0,false
Friends,ngo,0.4,false
Centre,backbone,0,
Works,business,2,YES
"""

TIES = """\
source,target,trust
Fund,Friends,0.6
Friends,Fund,0.7
Works,Fund,0.4
Town,Ministry,1
"""


def scenario_with(schools: str = "", organisations: str = "", ties: str = "", **values):
    named = {"setting.schools": schools, "setting.organisations": organisations, "setting.ties": ties}
    return scenario("historical", overrides={k: v for k, v in named.items() if v} | {"setting.burn_in": 0} | values)
