"""Parameters of schools and of the students in them."""

from __future__ import annotations

from dataclasses import dataclass

from sim.declare import parameter


@dataclass(frozen=True)
class SchoolParameters:
    """Choice of five units by students, and persistence at five units."""

    by_ability: float = parameter(1.64, unit="logit/sd", about="weight of ability in the choice", low=0, high=4)
    ability_gap: float = parameter(1.2, unit="sd", about="mean ability in the strongest quintile of schools less that in the "
        "weakest", low=0, high=2, source="oecd_2022", evidence="estimated")  # fmt: skip
    by_ability_keeping: float = parameter(0.71, unit="logit/sd", about="weight of ability in staying", low=0, high=3)
    keeping: float = parameter(
        -0.18, unit="logit", about="staying at five units from grade 10 to the grade-11 paper, mean ability", low=-2,
        high=3, source="hayadan_2017", evidence="estimated", uncertain=True
    )  # fmt: skip
    keeping_by_standing: float = parameter(
        0.08, unit="logit/logit", about="staying, rising and four units at a school, by the logit of its share in the "
        "reference year less the mean", low=0, high=1, source="school_file", evidence="assumed", uncertain=True
    )  # fmt: skip
    rising: float = parameter(
        -3.54, unit="logit", about="moving up from four units by the grade-11 paper", low=-8, high=0
    )
    keeping_last: float = parameter(3.25, unit="logit", about="staying from the grade-11 paper to the examination",
        low=0, high=6, source="jpost_2016", evidence="estimated")  # fmt: skip
    rising_last: float = parameter(-4.46, unit="logit", about="late entrants from four units in grade 12", low=-8, high=0,
        source="jpost_2016", evidence="estimated")  # fmt: skip
    four_units: float = parameter(-1.5, unit="logit", about="four units among those not at five, mean ability", low=-5,
        high=5)  # fmt: skip
    four_by_ability: float = parameter(1.2, unit="logit/sd", about="weight of ability for four units", low=0, high=4)
    teaching: float = parameter(0.1, unit="logit", about="full effect of teaching support on choice", low=0, high=3)
    access: float = parameter(0.1, unit="logit", about="full effect of access support on choice", low=0, high=3)
    motivation: float = parameter(
        0.37, unit="logit", about="b_mot, full effect of motivation support on choice", low=0, high=3, uncertain=True
    )
    teaching_keeping: float = parameter(0.48, unit="logit", about="full effect of teaching support on staying and "
        "rising",
        low=0, high=3, uncertain=True)  # fmt: skip
    access_keeping: float = parameter(0.29, unit="logit", about="full effect of access support on staying and rising",
        low=0, high=3)  # fmt: skip
    rising_by_persisting: float = parameter(1.7, unit="ratio", about="effect on rising, over the effect on staying, "
        "of what helps to stay",
        low=0, high=5)  # fmt: skip
    peers: float = parameter(
        0.35, unit="logit/share", about="b_peer, weight of the school's last share less the national one", low=0, high=6,
        source="brock_durlauf_2001", uncertain=True
    )  # fmt: skip
    junior: float = parameter(
        0.8, unit="logit", about="weight of capability built in junior high school", low=0, high=3
    )
    junior_lag: float = parameter(3.0, unit="years", about="years in which this capability builds up", low=1, high=10)
    half_support: float = parameter(
        1800.0, unit="NIS/pupil", about="S_half, support at which 63% of its effect is there", low=1000, high=8000,
        uncertain=True
    )  # fmt: skip
    support_kept: float = parameter(0.6, unit="share/year", about="support that lasts another year", low=0, high=1)
    complementarity: float = parameter(
        0.5, unit="ratio", about="y, how much channels add to one another", low=0, high=1, source="kania_kramer_2011",
        uncertain=True
    )  # fmt: skip
    readiness_irrelevance: float = parameter(
        0.3, unit="share", about="i0, strength of policy where nothing is prepared; 1 makes readiness irrelevant", low=0,
        high=1, source="case", uncertain=True
    )  # fmt: skip
    preparing: float = parameter(0.4, unit="share", about="w, how far an owner's trust in the ministry, its part in "
        "the network, or "
        "support can each prepare a school for policy", low=0, high=1, source="case", evidence="expert",
        uncertain=True)  # fmt: skip
    share_near_five_units: float = parameter(0.35, unit="share", about="pupils at or near five units, whom support reaches",
        low=0.05, high=1)  # fmt: skip
    untried: float = parameter(-0.57, unit="logit", about="appeal of five units where there was no track in the reference year",
        low=-3, high=0, source="school_file")  # fmt: skip
    fall_from: float = parameter(2003.0, unit="year", about="first choosing year of the fall: examined in 2006",
        low=1995, high=2010, source="majar", evidence="estimated")  # fmt: skip
    fall: float = parameter(
        -0.2, unit="logit/year", about="slope of the preference for five units before the turn", low=-0.35, high=0.0,
        source="majar", evidence="estimated", uncertain=True
    )  # fmt: skip
    turn: float = parameter(
        2009.4, unit="year", about="choosing year in which the fall ends", low=2008, high=2014, source="school_file",
        evidence="estimated", uncertain=True
    )  # fmt: skip
    rise: float = parameter(
        0.63, unit="logit", about="how much of the preference comes back in the end, without any programme; never more "
        "than was lost", low=0, high=1.2, source="school_file", evidence="estimated", uncertain=True
    )  # fmt: skip
    damping: float = parameter(
        0.76, unit="share", about="phi, part of the remaining recovery that remains a year later", low=0.4, high=0.95,
        source="school_file", evidence="assumed", uncertain=True
    )  # fmt: skip
    taste: str = parameter(
        "damped", unit="form", about="form of the recovery of the preference: by less each year (damped), or as in "
        "the first year until all is back (steady)", choices=("damped", "steady"), source="school_file"
    )  # fmt: skip
    taste_by_level: float = parameter(
        0.37, unit="share", about="part by which the preference fell less and comes back more where the socio-economic level "
        "is high; the other way where it is low", low=0, high=0.7, source="cbs_2018", evidence="estimated", uncertain=True
    )  # fmt: skip
    aspiration: float = parameter(0.0, unit="ratio", about="share that schools aspire to, over that of the reference year; "
        "programmes push the less the nearer it is; 0 is without limit", low=0, high=10, source="case")  # fmt: skip
    reserves: float = parameter(0.0, unit="share", about="part of the full effect of the science reserves that is in "
        "force",
        low=0, high=1, lever=True, source="bank_of_israel")  # fmt: skip
    reserves_effect: float = parameter(0.35, unit="logit", about="full effect of the science reserves on choice in "
        "their schools: 4.5 points on 13%", low=0, high=1, source="bank_of_israel", evidence="measured")  # fmt: skip
    reserves_schools: int = parameter(
        180, unit="schools", about="schools in the programme of science reserves to 2017: 270 in the 2020s", low=0, high=1000,
        source="science_reserves"
    )  # fmt: skip
    reference: float = parameter(2010.2, unit="year", about="choosing year at which the preference is zero",
        low=2000, high=2030, source="school_file")  # fmt: skip
    late_entrants: float = parameter(0.084, unit="share", about="examinees who came late, over starters, before any programme",
        low=0, high=1)  # fmt: skip
    second_year: float = parameter(0.97, unit="ratio", about="of the first cohorts, those in grade 11 over the "
        "examinees to come",
        low=0.5, high=2)  # fmt: skip
    undecided: float = parameter(0.4, unit="share", about="weight of mathematics in a network that has not decided on it",
        low=0.05, high=1)  # fmt: skip
    cohort_spread: float = parameter(0.25, unit="logit", about="how much cohorts of a school differ from year to year",
        low=0, high=1, source="school_file", evidence="estimated")  # fmt: skip
    size_spread: float = parameter(1.27, unit="ratio", about="spread of the size of a school's cohorts, over the "
        "square root of its mean",
        low=0, high=3, source="school_file", evidence="measured")  # fmt: skip
    steady: bool = parameter(False, unit="flag", about="no trend in preference nor in the size of cohorts")
