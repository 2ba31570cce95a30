"""What the forms about people may contain. A field that a form does not have is refused, not ignored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, Protocol, TypeVar

from flask_babel import gettext as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy.orm import Session

from fair_pos.people.refusals import RoleNeedsScope
from fair_pos.people.rules import Held, Role, Scope
from fair_pos.plumbing.json_door import WrongShape

Name = Annotated[str, Field(max_length=300)]
LoginName = Annotated[str, Field(max_length=100)]
Password = Annotated[str, Field(max_length=200)]
FormShape = TypeVar("FormShape", bound=BaseModel)


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RoleForm(_Form):
    """A role and where it holds: `place` is one of the choices offered, «edition:<id>», or empty for everywhere."""

    role: Role
    place: Annotated[str, Field(max_length=50)] = ""


class PersonForm(RoleForm):
    """A new person with a first role."""

    login_name: LoginName
    name: Name
    password: Password


class SellerForm(_Form):
    """A new seller of one edition; `booth` empty for all its booths. There is no role to choose."""

    login_name: LoginName
    name: Name
    password: Password
    booth: Annotated[str, Field(max_length=36)] = ""


class OwnPasswordForm(_Form):
    """The old password and the new one."""

    old: Password
    new: Password


class NewPasswordForm(_Form):
    """A new password for somebody who has lost theirs."""

    password: Password


class PinForm(_Form):
    """A PIN for the tablets."""

    pin: Annotated[str, Field(max_length=20)]


class CardForm(_Form):
    """Which of an owner's cards."""

    card: Annotated[str, Field(max_length=36)]


def read_form(shape: type[FormShape], fields: Mapping[str, str]) -> FormShape:
    """The fields as a checked record; the token against forged requests is no field. Raises WrongShape."""
    try:
        return shape.model_validate({name: value for name, value in fields.items() if name != "csrf_token"})
    except ValidationError as error:
        where = error.errors(include_url=False, include_input=False)[0]["loc"]
        raise WrongShape(where=".".join(map(str, where)) or "?") from None


# --- places ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """Somewhere a role can hold. A booth names its edition too."""

    kind: Literal["edition", "booth", "producer"]
    id: str
    name: str
    edition_id: str | None = None

    @property
    def value(self) -> str:
        """What the form sends."""
        return f"{self.kind}:{self.id}"

    @property
    def scope(self) -> Scope:
        """As the policy reads it."""
        if self.kind == "producer":
            return Scope(producer_id=self.id)
        return Scope(self.edition_id or self.id, self.id if self.kind == "booth" else None)


class Places(Protocol):
    """Who knows the places. People come below editions, booths and producers and cannot ask them; a feature above lends this."""

    def __call__(self) -> list[Place]:
        """All of them, in the order in which they are offered."""


@dataclass(frozen=True)
class Owner:
    """A producer whose goods lie or are sold at an edition."""

    id: str
    name: str


class ListChanged(Protocol):
    """Who numbers price lists; lent by the catalogue. A list says who may sell and with which PIN."""

    def __call__(self, session: Session, cause: str, at: datetime) -> int:
        """Tablets are to fetch theirs again."""


FITTING: dict[Role, tuple[str, ...]] = {
    Role.ADMINISTRATOR: (),
    Role.ORGANISER: ("edition",),
    Role.SELLER: ("edition", "booth"),
    Role.PRODUCER: ("producer",),
}


def scope_of(role: Role, value: str, places: Iterable[Place]) -> Scope:
    """Where a role is to hold. Raises RoleNeedsScope when the place is none of those offered or does not fit the role."""
    if not FITTING[role]:
        if value:
            raise RoleNeedsScope
        return Scope()
    for place in places:
        if place.value == value and place.kind in FITTING[role]:
            return place.scope
    raise RoleNeedsScope


# --- words ------------------------------------------------------------------------------------------------------------


def role_words() -> dict[Role, str]:
    """Roles in words, in the order in which they are offered."""
    return {
        Role.ORGANISER: _("Ban tổ chức"),
        Role.SELLER: _("Người bán"),
        Role.PRODUCER: _("Chủ thể"),
        Role.ADMINISTRATOR: _("Quản trị"),
    }


def role_choices(places: Sequence[Place]) -> dict[str, Any]:
    """What the forms offer: the roles, and the places by edition, producers last."""
    groups = [
        (
            edition.name,
            [(edition.value, _("Mọi gian hàng · %(name)s", name=edition.name))]
            + [(one.value, one.name) for one in places if one.kind == "booth" and one.edition_id == edition.id],
        )
        for edition in places
        if edition.kind == "edition"
    ]
    producers = [(one.value, one.name) for one in places if one.kind == "producer"]
    return {"role_words": role_words(), "place_groups": [*groups, (_("Chủ thể"), producers)]}


def held_words(roles: Iterable[Held], places: Sequence[Place]) -> list[str]:
    """Each role with the name of the place where it holds."""
    editions = {one.id: one.name for one in places if one.kind == "edition"}
    names: dict[Scope, str] = {}
    for one in places:
        if one.kind == "booth":
            # A booth may be named alone or with its edition; both are the same place.
            names[Scope(booth_id=one.id)] = names[one.scope] = f"{one.name}, {editions.get(one.edition_id or '', '?')}"
        else:
            names[one.scope] = one.name
    words = role_words()
    return [
        words[held.role] if held.scope == Scope() else f"{words[held.role]} · {names.get(held.scope, '?')}"
        for held in roles
    ]
