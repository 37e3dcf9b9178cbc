"""评价人 in an app: met by openid, known by what the platform has checked."""

from __future__ import annotations

from models.office import Office
from models.tables import Rater
from models.words import Channel


async def met(office: Office, app: str, channel: Channel, openid: str) -> Rater:
    """The same one however often and by however many processes at once. `app`: the account's name;
    a name and an openid are one person."""
    found_by = office.keys.find(f"{app}\0{openid}", "openid")
    known = await Rater.get_or_none(app=app, openid_hash=found_by)
    if known is not None:
        return known
    row = Rater(
        app=app,
        channel=channel.value,
        openid=office.keys.seal(openid, "rater.openid"),
        openid_hash=found_by,
        met_at=office.now(),
    )
    await Rater.bulk_create([row], ignore_conflicts=True)
    return await Rater.get(app=app, openid_hash=found_by)


def openid_of(office: Office, rater: Rater) -> str:
    """Raises KeyFault."""
    return office.keys.open(rater.openid, "rater.openid")


def phone_of(office: Office, rater: Rater) -> str | None:
    """E.164; None: none is bound. Raises KeyFault."""
    return office.keys.open(rater.phone, "rater.phone") if rater.phone else None


def name_of(office: Office, rater: Rater) -> str | None:
    """Their checked real name (实名). Raises KeyFault."""
    return office.keys.open(rater.name, "rater.name") if rater.name else None


async def bind_phone(office: Office, rater: Rater, phone: str) -> None:
    """`phone`: E.164, shown to be theirs. It takes the place of another one."""
    rater.phone = office.keys.seal(phone, "rater.phone")
    rater.phone_hash = office.keys.find(phone, "phone")
    await rater.save(update_fields=["phone", "phone_hash"])


async def unbind_phone(rater: Rater) -> None:
    rater.phone = rater.phone_hash = None
    await rater.save(update_fields=["phone", "phone_hash"])


async def identify(
    office: Office, rater: Rater, *, phone: str | None, name: str | None, identity: str | None
) -> None:
    """What a host app has checked of them this time takes the place of what it said before."""
    rater.phone = office.keys.seal(phone, "rater.phone") if phone else None
    rater.phone_hash = office.keys.find(phone, "phone") if phone else None
    rater.name = office.keys.seal(name, "rater.name") if name else None
    rater.identity_hash = office.keys.find(identity, "identity") if identity else None
    await rater.save(update_fields=["phone", "phone_hash", "name", "identity_hash"])
