"""Words of the page with their meanings."""

from __future__ import annotations

from sim.commands import command
from sim.world.files.schools import SCHOOLS

WORDS = {
    "five units": "The highest level of school mathematics in Israel. Examinees sit it in June of grade 12.",
    "school year": "September to August, named by the year in which it ends.",
    "backbone": "A neutral organisation whose staff hold the network together, and which runs no programme of its own.",
    "window": "The months after a change of leaders in which the ministry can be won over.",
    "stage": "How far the ministry has come: observer, partner, pilot (100 schools), national.",
    "trust": "Of one organisation in another: 0 is none, 1 is full. It grows in good meetings and falls when promises break.",
    "consensus": "How near the members' wishes are to one another: 1 is the same wish.",
    "shared measurement": "How much the network looks at the same numbers: 0 to 1.",
    "readiness": "A kind of mean of three things: consensus, shared measurement and the ministry's trust in members. Where one "
    "is 0, readiness is 0. While there is a pilot, it is multiplied by what the pilot has delivered; under the national "
    "programme, by what partners delivered last year. The ministry listens to a ready network.",
    "launch": "The month in which the initiative begins.",
    "new leaders": "Ministers or officials change, and a window opens.",
    "common agenda passes": "The steering committee has voted for what members wish on average. It decides what they work for, "
    "and what their money is for.",
    "mathematics first passes": "The committee has voted that mathematics comes before other subjects, as the ministry asks.",
    "local shares published": "For each local authority it is published how many students take five units. Those that are "
    "behind others like them give more for a time.",
    "periphery and junior high passes": "The committee has voted to turn to the periphery and to younger students.",
    "refused": "A local authority owns schools. It lets an organisation into them if it trusts it; part of what it refuses is "
    "lost, the rest goes to other schools.",
    "overhead, unspent, in transit": "Parts of the money offered. Overhead is what passing it on costs. Unspent is what found "
    "no taker, was refused, or was lost between partners without trust. In transit was still on its way at the end.",
    "trust in entrepreneurs": "How far the ministry trusts founders and backbone as champions of the policy.",
    "run": "One course of events. Chance decides who meets whom; the same seed gives the same course.",
    "fan": "Many runs that differ only in their seed. Half of them lie in the dark band, nine in ten in the light one.",
    "scenario": "A set of policies with their dates, and of participants.",
    "quintile": "A fifth of the schools, by how well-off their students are: the strongest fifth to the weakest.",
    "stream": "State, state-religious, Haredi and non-Jewish schools.",
    "published": "Official counts. The model was fitted to the counts until 2018 and to nothing later.",
    "paired": "Two settings with the same seed: differences between them are due to the settings, not to chance.",
    "NIS": "New Israeli shekel; all money is in shekels of 2015.",
}
"""Word and meaning."""

MECHANISMS = {
    "common agenda": "Members vote on what to work for. What passes draws their wishes together and steers their money: "
    "conditions.common_agenda=0.",
    "shared measurement": "The backbone shares data. Contacts go well more often, providers know what others do, and the "
    "network is more ready: conditions.shared_measurement=0.",
    "mutually reinforcing activities": "Providers avoid what others do, and do less of it where they go: "
    "conditions.mutually_reinforcing=0.",
    "continuous communication": "The plenum is called more often, and its online exchange slows the fading of trust: "
    "conditions.continuous_communication=0.",
    "backbone support": "Its hours call meetings, introduce, share data, mediate, recruit members and win the ministry: "
    "conditions.backbone_support=0.",
    "trust": "It opens schools, makes grants bring more, draws members in and makes the network more ready: "
    "trust.rule=constant keeps it as it begins.",
    "steering committee": "Its seats are shared among the sectors and vote first. Other members follow as they trust the seats "
    "of their own sector: forums.steering_committee.open=false.",
    "work groups": "On motivation, new teachers, the periphery and technology. The more a group meets and the more its members "
    "trust one another, the more it does for its subject: forums.technology_group.open=false.",
    "partners' programmes": "Certification of teachers, teachers' communities, support in lessons, the virtual school, "
    "infrastructure, visits. Each yields support, some of it a year later: programmes.visits.open=false.",
    "local authorities": "They own schools and let providers in by trust: placing.by_trust=0. When local shares are published, "
    "those that are behind their peers give more: package.publication=0.",
}
"""Mechanisms of the model in one or two sentences, each with the parameter that switches it off."""

SCHOOL_COLUMNS = {
    column.name: f"{column.about[0].upper()}{column.about[1:]}: {column.accepted}"
    f"{'; may be blank' if column.blank is not None else ''}."
    for column in SCHOOLS.columns
    if column.needed
}
"""Required columns of a school file; docs/reference/files.md lists the optional ones."""

LOST = (
    "This page has lost its program, so its settings do nothing. Start it again in the folder where you started it: "
    f"{command('dashboard')}. The page then comes back by itself, with your settings."
)
"""Band over the page when its server has gone."""

STYLE = """
.lab { width: 100%; box-sizing: border-box; max-width: 1500px; margin: 0 auto; padding: 6px 16px 12px; color: #1a1a1a; font-size: 15px; line-height: 1.4; }
.lab-title { display: flex; flex-wrap: wrap; gap: 0 16px; align-items: baseline; } .lab-title p { color: #444; font-size: .92rem; }
.lab h1 { font-size: 1.3rem; margin: 2px 0; } .lab h2 { font-size: 1.15rem; margin: 10px 0 4px; }
.lab .v-sheet.d-flex { row-gap: 3px !important; }
.v-application .lab p { margin: 2px 0 4px; }
.lab-two { display: grid; grid-template-columns: 340px minmax(0, 1fr); gap: 20px; align-items: start; }
.lab-two > div { min-width: 0; }
.lab-controls { background: #f6f7f9; border-radius: 8px; padding: 6px 14px; max-height: calc(100vh - 50px); overflow-y: auto; }
.lab-hidden { display: none; }
.lab label { display: block; font-weight: 600; font-size: .88rem; margin-top: 4px; line-height: 1.25; }
.lab-number { float: right; font-weight: 700; color: #0072b2; } .lab-unit { font-weight: 400; color: #5c5c5c; font-size: .82rem; }
.lab-lever label::after { content: ""; display: block; clear: both; }
.lab-moved label { color: #0b4f7a; } .lab-moved { border-left: 4px solid #0072b2; padding-left: 8px; margin-left: -12px; }
.lab-track { flex: 1; min-width: 0; display: flex; flex-direction: column; } .lab-track input { width: 100%; flex: none !important; }
.lab-response { width: calc(100% - 16px); margin: 1px 8px -3px; height: 20px; display: block; }
.lab-conditions { border: 0; padding: 0; margin: 5px 0 0; position: relative; } .lab-conditions .lab-hint { position: absolute; right: 0; top: -22px; }
.lab-conditions legend { font-weight: 600; font-size: .88rem; } .lab-conditions label { font-weight: 400; margin-top: 1px; }
.lab-conditions input { width: 15px; height: 15px; accent-color: #0072b2; vertical-align: -2px; margin-right: 5px; }
.lab-effect { float: right; color: #5c5c5c; font-size: .82rem; font-variant-numeric: tabular-nums; }
.lab-answer { font-size: 1.02rem; font-weight: 600; } .lab-film-month { min-width: 9em; font-weight: 600; }
.lab-networks { display: grid; grid-template-columns: 1fr 1fr; } .lab-networks svg { width: 100%; height: calc(100vh - 512px); min-height: 190px; max-height: 420px; }
.lab-curves svg { width: 100%; height: 190px; display: block; } .lab-narrow { display: none; }
.lab-prompt { display: flex; flex-wrap: wrap; gap: 2px 12px; align-items: baseline; border-top: 1px solid #e2e2e2; margin-top: 4px; padding-top: 3px; font-size: .92rem; }
.lab .lab-prompt .v-btn.lab-try { border: 0 !important; padding: 0 2px; height: 26px; color: #0b4f7a; text-decoration: underline; background: none !important; }
.lab-reason { border-left: 3px solid #0072b2; padding-left: 10px; margin: 6px 0; } .lab-reason details { color: #444; font-size: .92rem; }
.lab-row { display: flex; gap: 8px; align-items: center; }
.lab-row input[type=range], .lab-player input[type=range] { flex: 1; min-width: 0; height: 18px; accent-color: #0072b2; }
.lab-row input[type=text] { flex: 1; min-width: 0; border: 1px solid #b8b8b8; border-radius: 4px; padding: 5px 7px; background: #fff; }
.lab .lab-fold { display: none; }
.lab-hint { width: 24px; height: 24px; font-size: .8rem; border-radius: 50%; border: 1px solid #8a8a8a; background: #fff; color: #1a1a1a; font-weight: 700; }
.lab-about { color: #444; font-size: .88rem; }
.lab select { width: 100%; border: 1px solid #8a8a8a; border-radius: 4px; padding: 4px 7px; background: #fff; font-size: .95rem; appearance: auto; color: #1a1a1a; }
.lab-button, .lab .v-btn { border: 1px solid #5c5c5c !important; border-radius: 5px; padding: 5px 12px; background: #fff !important; color: #1a1a1a; text-transform: none; letter-spacing: 0; box-shadow: none !important; }
.lab :focus-visible { outline: 3px solid #d55e00; outline-offset: 1px; }
.lab-note, .lab-wrong { border-left: 4px solid #e69f00; background: #fff6e0; padding: 8px 12px; border-radius: 4px; margin: 6px 0; }
.lab-wrong { border-color: #882255; background: #fbeef3; overflow-wrap: anywhere; }
.lab-busy { color: #5c5c5c; font-size: .9rem; min-height: 1.4em; }
.lab-picture { overflow-x: auto; } .lab-picture img { width: 100%; height: auto; max-width: 1100px; max-height: max(280px, calc(100vh - 370px)); object-fit: contain; object-position: left; display: block; }
.lab-pair { display: grid; grid-template-columns: 1fr 1fr; gap: 14px; } .lab-pair > div { min-width: 0; }
.lab-player { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; } .lab-player input { flex: 1 1 220px !important; }
.lab-network svg { width: 100%; max-width: 760px; height: max(300px, calc(100vh - 325px)); display: block; margin: 0 auto; }
.lab-month { min-height: 2.8em; } .lab-event { color: #882255; font-weight: 600; display: block; }
.lab-legend { color: #444; font-size: .9rem; } .lab-dot { display: inline-block; width: 12px; height: 12px; border: 2px solid #5c5c5c; border-radius: 50%; }
.lab-full { background: #5c5c5c; } .lab-line { display: inline-block; width: 26px; border-top: 2px solid #333f59; vertical-align: middle; margin-left: 8px; }
.lab table { border-collapse: collapse; width: 100%; font-size: .95rem; } .lab th, .lab td { text-align: left; padding: 5px 10px; border-bottom: 1px solid #e2e2e2; vertical-align: top; }
.lab td.lab-figure, .lab th.lab-figure { text-align: right; font-variant-numeric: tabular-nums; }
.lab-table { overflow-x: auto; } .lab td:not(.lab-figure) { overflow-wrap: anywhere; }
.lab details summary { cursor: pointer; } .lab-head { font-size: 1.08rem; }
.lab-take { display: flex; flex-wrap: wrap; gap: 6px; margin: 5px 0; font-size: .9rem; align-items: center; }
.lab .v-tab { text-transform: none; letter-spacing: 0; font-size: .95rem; min-width: 0; padding: 0 12px; color: #1a1a1a !important; } .lab .v-tabs-bar { height: 36px; } .lab .v-btn { height: 30px !important; } .lab .v-tab--active { font-weight: 700; color: #0072b2 !important; }
.v-overlay--active[style*="100002"]::before { content: "@lost"; position: fixed; top: 0; left: 0; right: 0; z-index: 1; padding: 14px 20px; background: #882255; color: #fff; text-align: center; font-size: 1.05rem; line-height: 1.4; }
@media (max-width: 900px) { .lab .lab-fold { display: block; width: 100%; } .lab-controls:not(.lab-open) > :not(.lab-fold) { display: none !important; }
.lab-two > .lab-controls { order: 2; position: sticky; bottom: 0; z-index: 5; max-height: 38vh; overflow-y: auto; box-shadow: 0 -2px 10px rgba(0, 0, 0, .25); }
.lab { padding: 8px 10px 40px; } .lab-two { grid-template-columns: minmax(0, 1fr); } .lab-pair { grid-template-columns: minmax(0, 1fr); } .lab-networks svg { height: auto; min-height: 0; } .lab-curves svg { height: auto; } .lab-wide { display: none; } .lab .lab-narrow { display: block; } .lab-networks text { font-size: 14px; } .lab-network svg { height: auto; } .lab-picture img { max-height: none; } .lab .v-tab { min-width: 0; padding: 0 9px; font-size: .92rem; } }
""".replace("@lost", LOST)  # noqa: E501 - rules of style are read a line a thing
"""CSS of the page for wide and narrow screens."""
