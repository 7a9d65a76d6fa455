"""Names and sentences of the scenarios for the page's picker."""

from __future__ import annotations

from sim.configuration import about_scenario, scenarios

NAMES = {
    "historical_emergent": ("The 5x2 Initiative, the ministry decides",
                            "The initiative as it was, with a ministry that may join, or not."),
    "no_backbone": ("Without a backbone",
                    "Nobody holds the network together; the committee and the plenum meet by themselves."),
    "policy_early": ("Windows open too early", "Leaders change 18 months earlier, before the network is ready."),
    "policy_late": ("Windows open later", "Leaders change 24 months later, when the network has had more time."),
    "no_initiative": ("No initiative", "Organisations act alone, and there is no new policy."),
    "historical": ("The 5x2 Initiative, recorded dates",
                   "The ministry follows the dates of history, whatever the network does."),
    "weak_backbone": ("A weak backbone", "The backbone gives a fifth of its hours to the network."),
    "strong_backbone": ("A strong backbone", "The backbone gives all its hours to the network."),
    "placebo_backbone": ("A backbone in name only", "It does nothing for the network; what it costs goes to schools instead."),
    "trust_frozen": ("Trust never changes",
                     "Organisations trust one another as they did at the start, whatever they live through."),
    "trust_shuffled": ("Trust without memory of whom",
                       "Who trusts whom is by chance; between two sectors its level is as it would have been."),
    "trust_at_means": ("Trust high from the start",
                       "Trust stands from the start at the means that it reaches after the launch."),
    "no_shared_measurement": ("Nobody shares data", "Members do not look at the same numbers."),
    "no_foundation": ("Foundations give no money", "Foundations found the initiative and sit in it, but give nothing."),
    "no_business": ("Without businesses", "Businesses take no part."),
    "periphery_first": ("Schools in need first", "Partners and the ministry go first where need is greatest."),
    "many_subjects": ("Mathematics never comes first", "The committee never puts mathematics before other subjects."),
    "governance_lead_ministry": ("The ministry leads the network", "The ministry convenes the network in place of a backbone."),
    "governance_lead_foundation": ("A foundation leads the network",
                                   "A foundation convenes the network in place of a backbone."),
    "governance_shared": ("Members lead together", "Members convene themselves, with less time and without a neutral hand."),
    "ministry_never_joins": ("The ministry listens but never joins", "The ministry sits at the table, and takes no step."),
    "network_only": ("A network without the ministry", "The ministry does not even sit at the table."),
    "policy_only": ("A policy without a network",
                    "Pilot and national programme come at their recorded dates, and nobody else acts."),
    "money_only": ("Money without a network",
                   "NIS 820 million over 2009-2012, half of it as lessons in grades 10 to 12, and no network."),
    "minister_lost_2017": ("The minister leaves in 2017", "The next one may keep the national programme, or not."),
    "programme_ends_2017": ("The programme ends in 2017", "The minister leaves, and the national programme ends."),
    "ireland": ("Ireland: a bonus, no backbone",
                "Higher-level mathematics earns a bonus from 2012. Shares are published, schools are assumed."),
    "us_region": ("A region like one in the US",
                  "A made-up region of 150 high schools and 300 organisations around a backbone."),
}  # fmt: skip
"""Name and one sentence of each scenario, in the order of the picker."""


def scenario_name(name: str) -> str:
    """Return the name of a scenario for readers; one without a name of its own is named after its file.

    >>> scenario_name("no_backbone"), scenario_name("my_town")
    ('Without a backbone', 'my town')
    """
    return NAMES[name][0] if name in NAMES else name.replace("_", " ")


def scenario_choices() -> list[tuple[str, str]]:
    """Return name and words of the scenarios for a picker, the main ones first."""
    existing = scenarios()
    ordered = [*(name for name in NAMES if name in existing), *(name for name in existing if name not in NAMES)]
    return [(name, scenario_name(name)) for name in ordered]


def scenario_sentence(name: str) -> str:
    """Return a sentence that describes a scenario."""
    return NAMES[name][1] if name in NAMES else about_scenario(name).replace(" - ", ": ").rstrip(".") + "."
