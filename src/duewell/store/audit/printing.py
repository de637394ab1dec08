"""Print batches: where each stands and which letters are in it is what the facts say."""

from __future__ import annotations

import json
from typing import Any

from duewell.flows.audit import Tally
from duewell.store.audit.reading import Read

_HAS_A_FILE = ("ready", "handed_over")


def batches_follow_from_facts(read: Read, tally: Tally) -> None:
    """Batches stand where their facts leave them, hold the letters that started in them, and no letter is posted
    without a file.
    """
    told: dict[int, tuple[str, str]] = {}
    for (body,) in read("select body from fact where kind = 'contact.printed' order by id"):
        fact: dict[str, Any] = json.loads(bytes(body))
        digest = fact.get("digest") or told.get(fact["batch"], ("", ""))[1]
        told[fact["batch"]] = (fact["state"], digest)
    kept = {row[0]: (row[1], row[2]) for row in read("select id, state, digest from print_batch order by id")}
    for batch in sorted(told.keys() | kept.keys()):
        tally.look()
        if told.get(batch) != kept.get(batch):
            tally.find(f"print batch {batch} is kept as {kept.get(batch)}, the facts say {told.get(batch)}")
    for attempt, batch, position, state, body in read(
        "select a.id, l.batch_id, l.position, a.state, k.body from attempt a"
        " join mark k on k.attempt_id = a.id and k.kind = 'started'"
        " left join print_letter l on l.attempt_id = a.id where a.channel = 'letter' order by a.id"
    ):
        tally.look()
        mark = json.loads(body)
        if (batch, position) != (mark.get("batch"), mark.get("position")):
            tally.find(
                f"letter {attempt} lies at {batch}, {position}, its mark says {mark.get('batch')}, "
                f"{mark.get('position')}"
            )
        elif state == "accepted" and kept.get(batch, ("", ""))[0] not in _HAS_A_FILE:
            tally.find(f"letter {attempt} counts as posted, but batch {batch} has no file")
