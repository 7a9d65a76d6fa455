"""The forums of the initiative; a bit each in an organisation's `forums`."""

from __future__ import annotations

FORUMS = (
    "steering_committee",
    "motivation_group",
    "retraining_group",
    "periphery_group",
    "technology_group",
    "plenum",
    "business_coalition",
    "third_sector_forum",
    "round_table",
    "public_forum",
)
"""Names of the forums; the number of a forum is its place here and its bit."""

(
    STEERING,
    MOTIVATION_GROUP,
    RETRAINING_GROUP,
    PERIPHERY_GROUP,
    TECHNOLOGY_GROUP,
    PLENUM,
    BUSINESS_COALITION,
    THIRD_SECTOR_FORUM,
    ROUND_TABLE,
    PUBLIC_FORUM,
) = range(len(FORUMS))
