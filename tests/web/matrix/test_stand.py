"""The ruler itself: the stand notices a change, undoes it, and tells acts from questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from judging.api import policy
from judging.db.models import DataRead, Entry
from tests.web.matrix.own_things import PLUGINS_CONTEST
from tests.web.matrix.people import WHO
from tests.web.matrix.scenes import ENTRY_STATES, JUDGING, PHASES

if TYPE_CHECKING:
    from tests.web.matrix.doors import Door
    from tests.web.matrix.stand import Stand

pytestmark = pytest.mark.xdist_group("matrix")


def _door(stand: Stand, name: str) -> Door:
    return next(door for door in stand.doors if door.name == name)


def _state(stand: Stand) -> str:
    with stand.site.platform.database.reading() as session:
        return session.get_one(Entry, stand.world.entries["a"]).state


def test_change_is_noticed_and_undone(stand: Stand) -> None:
    scene = ENTRY_STATES[0]
    stand.set_scene(scene)
    door = _door(stand, "POST   /entries/<entry_id>/withdraw")
    assert [stand.ask(door, "author", scene).word for _ in range(2)] == ["acts", "acts"]
    assert _state(stand) == "draft"


def test_removed_file_is_there_again(stand: Stand) -> None:
    scene = next(one for one in PHASES if one.name == "open")
    stand.set_scene(scene)
    gone = stand.ask(_door(stand, "POST   /entries/<entry_id>/files/<file_id>/remove"), "author", scene)
    shown = stand.ask(_door(stand, "GET    /entries/<entry_id>/files/<file_id>"), "author", scene)
    assert (gone.word, shown.word) == ("acts", "open")


def test_note_of_who_read_is_no_act_and_is_taken_back(stand: Stand) -> None:
    stand.set_scene(JUDGING)
    door = _door(stand, "GET    /organise/entries/<entry_id>")
    assert stand.send("GET", door.path(stand.app, stand.facts, JUDGING), "secretary").status_code == 200
    with stand.site.platform.database.reading() as session:
        assert session.query(DataRead).count() == 1
    stand.set_scene(JUDGING)
    assert stand.ask(door, "secretary", JUDGING).word == "open"
    with stand.site.platform.database.reading() as session:
        assert session.query(DataRead).count() == 0


def test_scene_is_what_it_says(stand: Stand) -> None:
    for scene in ENTRY_STATES:
        stand.set_scene(scene)
        assert _state(stand) == scene.entries.value


def test_plugins_page_is_about_its_own_contests_only(stand: Stand) -> None:
    stand.set_scene(JUDGING)
    told = {
        slug: stand.send("GET", f"/plugins/third-party/{slug}/office", "organiser").status_code
        for slug in (PLUGINS_CONTEST, stand.world.slugs[0], "no-such-contest")
    }
    assert told == {PLUGINS_CONTEST: 200, stand.world.slugs[0]: 404, "no-such-contest": 404}


def test_forged_form_changes_nothing(stand: Stand) -> None:
    """The stand sends a real token: without one its answers would all be refusals of the form."""
    stand.set_scene(JUDGING)
    answer = stand.send("POST", "/account", "organiser", {"name": "Khác", "locale": "en"})
    assert answer.status_code == 400


def test_misspelt_policy_is_refused() -> None:
    with pytest.raises(Exception, match="is no policy"):
        policy("organizer")


def test_shared_page_has_the_people_of_the_entry_for_its_audience(stand: Stand) -> None:
    """In a world without them the page would seem to be for nobody."""
    stand.set_scene(JUDGING)
    door = _door(stand, "GET    /entries/<entry_id>/shared")
    told = {who: stand.ask(door, who, JUDGING).word for who in WHO}
    assert {who for who, word in told.items() if word == "open"} == {"joined-author", "guardian"}
    assert {word for word in told.values() if word != "open"} == {"404", "sign-in"}
