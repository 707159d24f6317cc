"""What somebody with all rights on the database could do to a score log that is closed, each as one function."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from judging.domain.ledger.leaves import read_leaf
from judging.domain.ledger.merkle import MemoryTree, leaf_hash, peaks
from tests.score_log.copies import rows

if TYPE_CHECKING:
    from collections.abc import Callable

    Tampering = Callable[[Connection], None]


def change_mark(connection: Connection) -> None:
    """The mark of a sheet, with the total beside it, as if the judge had written it."""
    row = _last_sheet(connection)
    marks = _lowered(_plain(row["marks"]))
    _run(connection, "UPDATE sheet_version SET marks = @ WHERE id = :id", marks, id=row["id"])


def change_leaf(connection: Connection) -> None:
    """The bytes of a leaf alone."""
    leaf = _sheet_leaf(connection)
    _set_leaf(connection, leaf["idx"], _forged(leaf["entry"]), bytes(leaf["hash"]))


def change_leaf_and_hash(connection: Connection) -> None:
    leaf = _sheet_leaf(connection)
    forged = _forged(leaf["entry"])
    _set_leaf(connection, leaf["idx"], forged, leaf_hash(forged))


def change_leaf_and_tree(connection: Connection) -> None:
    """All that follows from a leaf, done as well as the program would."""
    change_leaf_and_hash(connection)
    _rebuild(connection)


def change_mark_leaf_and_tree(connection: Connection) -> None:
    """The whole of it: a sheet, its leaf, and all that follows."""
    change_mark(connection)
    change_leaf_and_tree(connection)


def change_node(connection: Connection) -> None:
    connection.execute(
        text("UPDATE log_node SET hash = :hash WHERE level = 1 AND idx = 0"), {"hash": leaf_hash(b"forged")}
    )


def change_top_node(connection: Connection) -> None:
    level = rows(connection, "SELECT max(level) AS level FROM log_node")[0]["level"]
    connection.execute(
        text("UPDATE log_node SET hash = :hash WHERE level = :level AND idx = 0"),
        {"hash": leaf_hash(b"forged"), "level": level},
    )


def swap_leaves(connection: Connection) -> None:
    first, second = rows(connection, "SELECT * FROM log_leaf WHERE idx IN (3, 4) ORDER BY idx")
    for place, leaf in ((4, first), (3, second)):
        connection.execute(
            text("UPDATE log_leaf SET entry = :entry, hash = :hash, subject_id = :subject_id WHERE idx = :idx"),
            {**{key: leaf[key] for key in ("entry", "hash", "subject_id")}, "idx": place},
        )


def delete_last_leaf(connection: Connection) -> None:
    connection.execute(text("DELETE FROM log_leaf WHERE idx = (SELECT max(idx) FROM log_leaf)"))


def delete_last_leaf_and_tree(connection: Connection) -> None:
    delete_last_leaf(connection)
    _rebuild(connection)


def insert_leaf(connection: Connection) -> None:
    """A sheet more at the end, well formed and with all that follows: the key to sign it is not in the database."""
    leaf = _sheet_leaf(connection)
    head = rows(connection, "SELECT size, last_t FROM log_head")[0]
    size = head["size"]
    entry = _forged(
        leaf["entry"], t=head["last_t"], ver=read_leaf(bytes(leaf["entry"]))["ver"] + 1, supersedes=leaf["idx"]
    )
    connection.execute(
        text(
            "INSERT INTO log_leaf (log_id, idx, hash, entry, at) VALUES (:log_id, :idx, :hash, :entry, :at)"
        ),
        {"log_id": leaf["log_id"], "idx": size, "hash": leaf_hash(entry), "entry": entry, "at": leaf["at"]},
    )  # fmt: skip
    _rebuild(connection)


def insert_leaf_among_others(connection: Connection) -> None:
    """The same in the middle: all later ones move on by one."""
    leaf = _sheet_leaf(connection)
    place = leaf["idx"]
    for row in rows(connection, "SELECT idx FROM log_leaf WHERE idx > :place ORDER BY idx DESC", place=place):
        connection.execute(text("UPDATE log_leaf SET idx = idx + 1 WHERE idx = :idx"), row)
    entry = _forged(leaf["entry"])
    connection.execute(
        text("INSERT INTO log_leaf (log_id, idx, hash, entry, at) VALUES (:log_id, :idx, :hash, :entry, :at)"),
        {"log_id": leaf["log_id"], "idx": place + 1, "hash": leaf_hash(entry), "entry": entry, "at": leaf["at"]},
    )
    _rebuild(connection)


def change_publication(connection: Connection) -> None:
    """What the public sees."""
    row = rows(connection, "SELECT id, ranking FROM publication")[0]
    ranking = _plain(row["ranking"])
    ranking["prizes"].reverse()
    _run(connection, "UPDATE publication SET ranking = @ WHERE id = :id", ranking, id=row["id"])


def change_rules(connection: Connection) -> None:
    """The weight of a criterion in the rules of the contest."""
    row = rows(connection, "SELECT id, rules FROM contest WHERE rules IS NOT NULL")[0]
    _run(connection, "UPDATE contest SET rules = @ WHERE id = :id", _reweighed(_plain(row["rules"])), id=row["id"])


def change_kept_rules(connection: Connection) -> None:
    """The same in the copy that the log keeps under its hash."""
    row = rows(connection, "SELECT sha256, content FROM log_document WHERE name = 'rules.json'")[0]
    content = json.dumps(_reweighed(json.loads(bytes(row["content"])))).encode()
    connection.execute(
        text("UPDATE log_document SET content = :content WHERE sha256 = :sha256 AND name = 'rules.json'"),
        {"content": content, "sha256": row["sha256"]},
    )


def change_all_rules(connection: Connection) -> None:
    change_rules(connection)
    change_kept_rules(connection)


def change_kept_plan(connection: Connection) -> None:
    """Who was to judge what, as the bundle shows it."""
    connection.execute(
        text("UPDATE log_document SET content = :content WHERE name = 'assign.json'"), {"content": b"{}"}
    )


def change_kept_ranking(connection: Connection) -> None:
    connection.execute(
        text("UPDATE log_document SET content = :content WHERE name = 'ranking.json'"), {"content": b"{}"}
    )


def _reweighed(rules: dict[str, Any]) -> dict[str, Any]:
    # The last round's first criterion counts for more, or its scale reaches further.
    rules["rounds"][-1]["rubric"]["criteria"][0]["weight"] = "2"
    return rules


def _plain(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _run(connection: Connection, statement: str, document: Any, **values: Any) -> None:
    """`@` stands for a document: the two databases take JSON differently."""
    cast = "CAST(:document AS jsonb)" if connection.dialect.name == "postgresql" else ":document"
    done = connection.execute(text(statement.replace("@", cast)), {"document": json.dumps(document), **values})
    assert done.rowcount == 1


def _last_sheet(connection: Connection) -> Any:
    return rows(connection, "SELECT * FROM sheet_version WHERE id = :id", id=_sheet_leaf(connection)["subject_id"])[0]


def _sheet_leaf(connection: Connection) -> Any:
    """The leaf of the last sheet of all."""
    return rows(connection, "SELECT * FROM log_leaf WHERE subject_id IN (SELECT id FROM sheet_version)"
                " ORDER BY idx DESC LIMIT 1")[0]  # fmt: skip


def _lowered(marks: dict[str, str]) -> dict[str, str]:
    """One mark less by one: too little to lose a prize."""
    key = max(marks, key=lambda one: Decimal(marks[one]))
    return {**marks, key: str(Decimal(marks[key]) - 1)}


def _forged(entry: Any, **more: Any) -> bytes:
    leaf = json.loads(bytes(entry))
    leaf["scores"] = _lowered(leaf["scores"])
    return json.dumps({**leaf, **more}, sort_keys=True, separators=(",", ":")).encode()


def _set_leaf(connection: Connection, index: int, entry: bytes, hashed: bytes) -> None:
    connection.execute(
        text("UPDATE log_leaf SET entry = :entry, hash = :hash WHERE idx = :idx"),
        {"entry": entry, "hash": hashed, "idx": index},
    )


def _rebuild(connection: Connection) -> None:
    """Nodes, peaks, root and size anew from the leaves."""
    head = rows(connection, "SELECT id FROM log_head")[0]["id"]
    tree = MemoryTree([bytes(row["hash"]) for row in rows(connection, "SELECT hash FROM log_leaf ORDER BY idx")])
    connection.execute(text("DELETE FROM log_node"))
    for level, nodes in enumerate(tree.levels):
        for index, hashed in enumerate(nodes):
            if level:
                connection.execute(
                    text("INSERT INTO log_node (log_id, level, idx, hash) VALUES (:head, :level, :idx, :hash)"),
                    {"head": head, "level": level, "idx": index, "hash": hashed},
                )
    connection.execute(
        text("UPDATE log_head SET size = :size, root = :root, peaks = :peaks"),
        {"size": tree.size, "root": tree.root(), "peaks": b"".join(tree.read(peaks(tree.size)))},
    )
