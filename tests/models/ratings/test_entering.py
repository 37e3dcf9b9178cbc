"""代录: paper, suggestion boxes and survey calls, keyed in by staff and never by whom they rate."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from tortoise.exceptions import IntegrityError

from models.cases.facts import GroupKind
from models.ratings.attachments import AttachmentUnfit, unsealed
from models.ratings.entering import Entry, RatedBefore, enter
from models.ratings.refusals import LinkExpired, RealNameMissing, ReasonMissing
from models.ratings.submit import submit
from models.refusals import Conflict, Forbidden, Invalid, UnknownReference
from models.rulebooks.shelf import Shelf
from models.tables import Attachment, Evaluation, LedgerLeaf, Opinion, Staff, WorkOrder
from models.words import Channel, Level, Provenance, Target
from tests.models.contents import everything
from tests.models.offices import another_office_at
from tests.models.ratings.files import OTHERS, PNG, WAV
from tests.models.ratings.said import rating
from tests.models.town import NAME, Town, case, done, member, under, visit
from tests.standing import StandingClock

BAD = Level.DISSATISFIED


def entry(submission: str = "paper-0001", **more: Any) -> Entry:
    fields: dict[str, Any] = {
        "keyed_by": "staff-2",
        "medium": "paper",
        "case": "C1",
        "level": 4,
    }
    return Entry(submission=submission, **{**fields, **more})


def whole(**place: str) -> dict[str, Any]:
    return {"case": None, **place}


async def keyed(town: Town, said: Entry, content: bytes = PNG) -> Attachment:
    return await enter(town.office, town.integrator, said, content)


@pytest.mark.parametrize("medium", ["paper", "suggestion_box", "survey_call"])
async def test_a_paper_about_a_case_is_a_rating_marked_as_keyed_in(town: Town, medium: str) -> None:
    invitation = await town.invitation(case(), visit(), done())
    said = entry(level=2, words="等了两个小时", medium=medium, rater_name=NAME)
    file = await keyed(town, said, WAV)
    row = await Evaluation.get()
    assert (row.provenance, row.keyed_by) == (Provenance.PROXY, "staff-2")
    assert (row.channel, row.level, row.late) == (medium, BAD, False)
    assert row.reasons == {"item": {"indicators": [], "words": "等了两个小时"}}
    assert (row.invitation_id, row.at) == (invitation.id, town.office.now())
    assert await WorkOrder.filter(evaluation=row).count() == 1
    assert await LedgerLeaf.filter(evaluation=row).count() == 1
    assert (file.evaluation_id, file.opinion_id) == (row.id, None)
    stored = await Attachment.get()
    assert (stored.id, stored.media_type, stored.size) == (file.id, "audio/wav", len(WAV))
    assert await unsealed(town.office, stored) == WAV
    assert NAME not in str(await everything())
    assert Channel(medium).label in {"书面评价", "意见箱", "电话抽查"}


async def test_of_a_visit_by_its_number(town: Town) -> None:
    await town.report(case(), visit(number=1), visit(number=2, staff="staff-2"))
    await Staff.create(
        code="staff-3", name="陈洁", agency=await (await Staff.get(code="staff-1")).agency
    )
    await keyed(town, entry(visit=2, keyed_by="staff-3"))
    row = await Evaluation.get().select_related("invitation")
    assert row.invitation is not None
    assert (row.invitation.node, row.invitation.visit_number) == ("visit", 2)
    with pytest.raises(UnknownReference) as refused:
        await keyed(town, entry("paper-0002", visit=3, keyed_by="staff-3"))
    assert refused.value.field == "visit"


async def test_after_the_silence_it_is_late(town: Town, clock: StandingClock) -> None:
    invitation = await town.invitation(case(), done())
    clock.advance(days=8)
    await keyed(town, entry())
    assert (await Evaluation.get()).late
    clock.at = invitation.until
    with pytest.raises(RatedBefore):
        await keyed(town, entry("paper-0002"))


async def test_after_the_end_it_is_refused(town: Town, clock: StandingClock) -> None:
    clock.at = (await town.invitation(case(), done())).until
    before = await everything()
    with pytest.raises(LinkExpired):
        await keyed(town, entry())
    assert await everything() == before


async def test_of_a_group_the_paper_rates_what_the_invitation_covers(town: Town) -> None:
    await town.report(member("C1", GroupKind.BATCH), member("C2", GroupKind.BATCH))
    await town.report(visit("C1"), done("C1"), done("C2"))
    await keyed(town, entry(case="C2"))
    row = await Evaluation.get().select_related("invitation")
    assert row.invitation is not None
    assert row.invitation.group_id is not None


async def test_nobody_keys_in_a_rating_of_themselves(town: Town) -> None:
    """Neither of their own visit, nor of any case that they served, nor of their window."""
    await town.report(case(), visit(), visit(number=2, staff="staff-2"), done())
    await town.report(case("C2"), visit("C2", staff="staff-1"), done("C2"))
    before = await everything()
    for said in (
        entry(visit=1, keyed_by="staff-1"),
        entry(keyed_by="staff-1"),
        entry(keyed_by="staff-2"),
        entry(case="C2", keyed_by="staff-1"),
        entry(keyed_by="staff-1", level=None, words="空调太冷"),
        entry(keyed_by="staff-1", **whole(window="window")),
    ):
        with pytest.raises(Forbidden, match="本人") as refused:
            await keyed(town, said)
        assert refused.value.field == "keyed_by"
    assert await everything() == before
    await keyed(town, entry(case="C2"))


async def test_others_of_the_rated_agency_may(town: Town) -> None:
    await town.report(case(), visit(), done())
    served = await Staff.get(code="staff-1")
    await Staff.create(code="staff-3", name="陈洁", agency_id=served.agency_id)
    await keyed(town, entry(keyed_by="staff-3"))
    assert await Evaluation.exists(keyed_by="staff-3")


async def test_of_a_group_whoever_served_one_of_its_cases_keys_in_none(town: Town) -> None:
    await town.report(member("C1", GroupKind.BATCH), member("C2", GroupKind.BATCH))
    await town.report(visit("C1", staff="staff-2"), done("C1"), done("C2"))
    with pytest.raises(Forbidden):
        await keyed(town, entry(case="C2"))


async def test_what_is_rated_already_is_refused_with_the_time_of_the_first(town: Town) -> None:
    invitation = await town.invitation(case(), done())
    first = await submit(town.office, invitation, rating())
    before = await everything()
    with pytest.raises(RatedBefore) as refused:
        await keyed(town, entry(level=2, words="慢"))
    assert refused.value.evaluation == first.evaluation
    assert refused.value.message == (
        "这次服务已于2026年3月2日09:00通过评价链接评价为“满意”，以第一次评价为准，不能再代录。"
    )
    assert await everything() == before


@under("tianjin", "chaoan")
async def test_the_rules_are_the_same_as_everywhere(town: Town) -> None:
    await town.report(case(applicant={"phone": "13800138000"}), done())
    before = await everything()
    with pytest.raises(ReasonMissing):
        await keyed(town, entry(level=1))
    if (await town.invitation(done())).rulebook == "tianjin":
        with pytest.raises(RealNameMissing):
            await keyed(town, entry())
    assert await everything() == before
    await keyed(town, entry(rater_name=NAME, rater_phone="13800138000"))
    assert (await Evaluation.get()).real_name


async def test_words_and_reasons_are_not_said_twice(town: Town) -> None:
    await town.report(case(), done())
    both = entry(words="慢", reasons={Target.ITEM: {"words": "贵"}})
    with pytest.raises(Invalid) as refused:
        await keyed(town, both)
    assert refused.value.field == "words"


@under("chaoan", "sanming")
async def test_a_place_without_a_case(town: Town) -> None:
    """综合点评 where the text knows it, an opinion where not: the paper is kept either way."""
    rule = town.office.shelf.book(str(town.region.rulebook)).version_at(town.office.now())
    rated = rule.overall_review.targets if rule.overall_review else ()
    for place, code, target in (
        ("window", "window", Target.AGENCY),
        ("hall", "hall", Target.HALL),
        ("platform", "hotline", Target.PLATFORM),
        ("agency", "agency", Target.AGENCY),
    ):
        said = entry(f"of-the-{place}", words="人太多", **whole(**{place: code}))
        file = await keyed(town, said)
        if target in rated:
            row = await Evaluation.get(id=file.evaluation_id)
            assert (row.provenance, row.invitation_id) == (Provenance.PROXY, None)
            assert row.reasons == {target: {"indicators": [], "words": "人太多"}}
        else:
            opinion = await Opinion.get(id=file.opinion_id)
            assert (opinion.level, opinion.words) == (4, "人太多")
            assert opinion.keyed_by == "staff-2"


@under("tianjin", "sanming")
async def test_a_suggestion_without_a_level_is_an_opinion(town: Town) -> None:
    said = entry(level=None, words="空调太冷", medium="suggestion_box", **whole(hall="hall"))
    file = await keyed(town, said)
    opinion = await Opinion.get()
    assert (opinion.channel, opinion.keyed_by) == ("suggestion_box", "staff-2")
    assert (opinion.level, opinion.words) == (None, "空调太冷")
    assert (file.opinion_id, file.evaluation_id) == (opinion.id, None)
    assert not await Evaluation.exists()


@under("tianjin")
async def test_where_the_real_name_is_required_a_place_gets_an_opinion(town: Town) -> None:
    await keyed(town, entry(**whole(hall="hall")))
    assert (await Opinion.get()).level == 4
    with pytest.raises(Invalid) as refused:
        await keyed(town, entry("paper-0002", reasons={Target.HALL: {}}, **whole(hall="hall")))
    assert refused.value.field == "reasons"


@pytest.mark.parametrize("about", [{}, {"level": None, "words": "好", **whole(hall="hall")}])
async def test_sent_again_it_is_answered_again_and_stored_once(
    town: Town, about: dict[str, Any]
) -> None:
    await town.report(case(), done())
    first = await keyed(town, entry(**about))
    stored = await everything()
    again = await keyed(town, entry(**about))
    assert (again.id, again.evaluation_id, again.opinion_id) == (
        first.id,
        first.evaluation_id,
        first.opinion_id,
    )
    for changed, content in ((entry(**about), WAV), (entry(**{**about, "words": "别的"}), PNG)):
        with pytest.raises(Conflict) as refused:
            await keyed(town, changed, content)
        assert refused.value.field == "submission"
        assert not isinstance(refused.value, RatedBefore)
    assert await everything() == stored


@pytest.mark.parametrize("about", [{}, {"level": None, "words": "好", **whole(hall="hall")}])
async def test_sent_many_times_at_once_it_is_stored_once(
    town: Town, database_url: str, shelf: Shelf, about: dict[str, Any]
) -> None:
    await town.report(case(), done())
    ready = asyncio.Barrier(6)

    async def one() -> Attachment:
        async with another_office_at(database_url, shelf) as office:
            await ready.wait()
            return await enter(office, town.integrator, entry(**about), PNG)

    async with asyncio.timeout(60):
        found = await asyncio.gather(*(one() for _ in range(6)))
    assert len({(each.id, each.evaluation_id, each.opinion_id) for each in found}) == 1
    assert await Attachment.all().count() == 1
    assert await Evaluation.all().count() + await Opinion.all().count() == 1


async def test_another_systems_key_is_another_submission(town: Town) -> None:
    await town.report(case(), done())
    await keyed(town, entry())
    said = entry(level=None, words="好", **whole(hall="hall"))
    await enter(town.office, town.admin, said, PNG)
    assert await Attachment.all().count() == 2


async def test_without_a_fit_file_nothing_is_stored(town: Town) -> None:
    await town.report(case(), done())
    before = await everything()
    for content in (b"", OTHERS["pdf"]):
        with pytest.raises(AttachmentUnfit):
            await keyed(town, entry(), content)
    assert await everything() == before


async def test_what_names_nothing_known_is_told(town: Town) -> None:
    for changed, field in (
        ({"keyed_by": "nobody"}, "keyed_by"),
        ({"case": "C9"}, "case"),
        *((whole(**{place: "?"}), place) for place in ("window", "hall", "platform", "agency")),
    ):
        with pytest.raises(UnknownReference) as refused:
            await keyed(town, entry(**changed))
        assert refused.value.field == field


async def test_a_region_speaks_for_itself_only(town: Town) -> None:
    await town.report(case(), done())
    for changed, field in (
        ({"keyed_by": "staff-x"}, "case"),
        ({"keyed_by": "staff-2"}, "keyed_by"),
        ({"keyed_by": "staff-x", **whole(agency="agency")}, "agency"),
    ):
        with pytest.raises(Forbidden) as refused:
            await enter(town.office, town.stranger, entry(**changed), PNG)
        assert refused.value.field == field


async def test_what_cannot_be_rated_is_told(town: Town) -> None:
    await town.report(case())
    with pytest.raises(Invalid) as refused:
        await keyed(town, entry())
    assert refused.value.field == "case"


@pytest.mark.parametrize(
    "changed",
    [
        {"case": None},
        {"hall": "hall"},
        {"visit": 1, **whole(hall="hall")},
        {"level": None},
        {"medium": "link"},
        {"level": 6},
        {"submission": "short"},
    ],
)
def test_an_entry_that_is_none(changed: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"entry|Entry"):
        entry(**{"submission": "paper-0001", **changed})


async def test_a_file_is_kept_as_it_came(town: Town) -> None:
    await town.report(case(), done())
    await keyed(town, entry())
    for change in (Attachment.all().update(digest="0" * 64), Attachment.all().delete()):
        with pytest.raises(IntegrityError, match="only added"):
            await change
