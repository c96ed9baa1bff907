"""Indicators that an assessor decides."""

import indicatree as it

opening = it.checklist(
    "sample.opening",
    tier=it.Tier.PROCESS,
    title=it.Text(zh="开放服务规范性", en="Opening hours"),
    items={
        "weekend": it.Text(zh="周末开放", en="open on weekends"),
        "posted": it.Text(zh="开放时间公示", en="hours are posted"),
    },
)
