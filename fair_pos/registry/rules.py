"""Which stars may be shown on which day; what a producer is; how a place is named and compared."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

from fair_pos.kernel.day import months_later
from fair_pos.kernel.text import N_, clean, fold, identity

VALID_MONTHS = 36
"""Decision 148/QĐ-TTg of 24/2/2023: a certificate holds 36 months from its issue."""
EXPIRING_DAYS = 90

PRODUCER_KINDS: dict[str, str] = {
    "hop_tac_xa": N_("Hợp tác xã"),
    "to_hop_tac": N_("Tổ hợp tác"),
    "ho_kinh_doanh": N_("Hộ kinh doanh"),
    "doanh_nghiep": N_("Doanh nghiệp"),
    "trang_trai": N_("Trang trại"),
    "khac": N_("Khác"),
}
"""Legal forms of an OCOP producer (Decision 919/QĐ-TTg), code → Vietnamese name, in the order of a choice."""

State = Literal["valid", "expiring", "expired", "not_yet"]


@dataclass(frozen=True)
class CertificateFact:
    """A star with its dates; `expires_day` is the last day on which it may be shown."""

    stars: int
    issued_day: date
    expires_day: date
    decision_no: str


def expiry_of(issued_day: date) -> date:
    """The last day of a certificate: issued 29/11/2023, it holds to 28/11/2026.

    Where the month has no such day, the period ends with the month's last day (Civil Code, article 148.4).
    """
    same_day = months_later(issued_day, VALID_MONTHS)
    return same_day - timedelta(days=1) if same_day.day == issued_day.day else same_day


def state_on(certificate: CertificateFact, day: date) -> State:
    """Whether a certificate holds on `day`; «expiring» means at most 90 days more."""
    return state_between(certificate.issued_day, certificate.expires_day, day)


def state_between(issued_day: date, expires_day: date | None, day: date) -> State:
    """Whether what was issued on one day and holds to another, or for good, holds on `day`."""
    if day < issued_day:
        return "not_yet"
    if expires_day is None:
        return "valid"
    if day > expires_day:
        return "expired"
    return "expiring" if expires_day - day <= timedelta(days=EXPIRING_DAYS) else "valid"


def best_on(certificates: Iterable[CertificateFact], day: date) -> CertificateFact | None:
    """The certificate to show on `day`: the newest that holds, since a new evaluation replaces an older one, up or down."""
    holding = [one for one in certificates if state_on(one, day) in {"valid", "expiring"}]
    return max(holding, key=lambda one: (one.issued_day, one.stars), default=None)


def shown_stars(certificate: CertificateFact | None) -> Literal[0, 3, 4, 5]:
    """What may stand beside a name: one and two stars are results of an evaluation, but no recognition."""
    match certificate.stars if certificate else 0:
        case 3:
            return 3
        case 4:
            return 4
        case 5:
            return 5
        case _:
            return 0


# --- places ---------------------------------------------------------------------------------------------------------

_SHORT = {"x": "Xã", "p": "Phường", "tt": "Thị trấn", "h": "Huyện", "tx": "Thị xã", "q": "Quận"}
_SHORT_FORM = re.compile(r"^(x|p|tt|h|tx|q)\.\s*|^(tt|tx)\s+", re.IGNORECASE)
_PROVINCE_WORDS = re.compile(r"^(tinh|thanh pho|tp)(\.|\s)\s*")
_HCMC = {"hcm", "tphcm", "sai gon"}


def place_name(text: str) -> str:
    """A place as it is stored: one spelling, the usual short forms written out («TT. Mường Tè» → «Thị trấn Mường Tè»)."""
    name = clean(text)
    short = _SHORT_FORM.match(name)
    if short is None:
        return name
    word = _SHORT[(short.group(1) or short.group(2)).lower()]
    return clean(f"{word} {name[short.end() :]}")


def place_key(level: str, name: str) -> str:
    """What two names of one place have in common. «Tỉnh Điện Biên» and «Ðiện Biên» are one province.

    A commune keeps its word: «Thị trấn Mường Tè» and «Xã Mường Tè» were two.
    """
    key = fold(name)
    if level == "province":
        key = _PROVINCE_WORDS.sub("", key)
        return "ho chi minh" if key in _HCMC else key
    if level == "district":
        return key.removeprefix("huyen ")
    return key


PROVINCES = [
    "An Giang",
    "Bà Rịa - Vũng Tàu",
    "Bắc Giang",
    "Bắc Kạn",
    "Bạc Liêu",
    "Bắc Ninh",
    "Bến Tre",
    "Bình Định",
    "Bình Dương",
    "Bình Phước",
    "Bình Thuận",
    "Cà Mau",
    "Cần Thơ",
    "Cao Bằng",
    "Đà Nẵng",
    "Đắk Lắk",
    "Đắk Nông",
    "Điện Biên",
    "Đồng Nai",
    "Đồng Tháp",
    "Gia Lai",
    "Hà Giang",
    "Hà Nam",
    "Hà Nội",
    "Hà Tĩnh",
    "Hải Dương",
    "Hải Phòng",
    "Hậu Giang",
    "Hòa Bình",
    "Hồ Chí Minh",
    "Hưng Yên",
    "Khánh Hòa",
    "Kiên Giang",
    "Kon Tum",
    "Lai Châu",
    "Lâm Đồng",
    "Lạng Sơn",
    "Lào Cai",
    "Long An",
    "Nam Định",
    "Nghệ An",
    "Ninh Bình",
    "Ninh Thuận",
    "Phú Thọ",
    "Phú Yên",
    "Quảng Bình",
    "Quảng Nam",
    "Quảng Ngãi",
    "Quảng Ninh",
    "Quảng Trị",
    "Sóc Trăng",
    "Sơn La",
    "Tây Ninh",
    "Thái Bình",
    "Thái Nguyên",
    "Thanh Hóa",
    "Thừa Thiên Huế",
    "Tiền Giang",
    "Trà Vinh",
    "Tuyên Quang",
    "Vĩnh Long",
    "Vĩnh Phúc",
    "Yên Bái",
    "Huế",
]
"""The 63 provinces before 1/7/2025; the 34 since have names that were among them, and Huế."""
_PROVINCE_KEYS = {place_key("province", name) for name in PROVINCES}


def is_province(name: str) -> bool:
    """Whether a place is a province of Vietnam and not, say, the country of a guest from abroad.

    >>> is_province("Tỉnh Điện Biên"), is_province("TP. Cần Thơ"), is_province("Thái Lan")
    (True, True, False)
    """
    return place_key("province", name) in _PROVINCE_KEYS


def province_name(text: str) -> str:
    """A province without the word for it, as it stands behind a commune: «Tỉnh Lai Châu» → «Lai Châu»."""
    name = clean(text)
    if place_key("province", name) == "ho chi minh":
        return "Hồ Chí Minh"
    bare = re.sub(r"^(tỉnh|thành phố|tp)(\.|\s)\s*", "", name, flags=re.IGNORECASE)
    return bare or name


def place_text(*names: str) -> str:
    """«Xã Bum Tở, Lai Châu»: the names that are known, from small to large."""
    return ", ".join(name for name in names if name)


@dataclass(frozen=True)
class ProducerSaid:
    """A producer as a file names it; what is empty is unknown and changes nothing that is known."""

    name: str
    kind: str = ""
    commune: str = ""
    commune_code: str = ""
    province: str = ""
    old_commune: str = ""
    old_district: str = ""
    old_province: str = ""

    @cached_property
    def key(self) -> tuple[str, str]:
        """Who this is: the name (kernel.text.identity) and the folded province."""
        return identity(self.name), place_key("province", self.province or self.old_province)


@dataclass(frozen=True)
class CertificateSaid:
    """A certificate as a file names it."""

    product_id: str
    stars: int
    issued_day: date
    decision_no: str


_KIND_WORDS = (
    (re.compile(r"^(lien hiep )?(hop tac xa|htx)\b"), "hop_tac_xa"),
    (re.compile(r"^(to hop tac|tht|to san xuat|cong dong)\b"), "to_hop_tac"),
    (re.compile(r"^(ho|hkd|co so|gia dinh)\b"), "ho_kinh_doanh"),
    (re.compile(r"^(cong ty|cty|doanh nghiep|dntn|tap doan)\b"), "doanh_nghiep"),
    (re.compile(r"^trang trai\b"), "trang_trai"),
)


def kind_from_name(name: str) -> str:
    """What a producer's name says it is: «HTX Chè Tân Uyên» is a cooperative; «khac» when it says nothing."""
    folded = fold(name)
    return next((kind for words, kind in _KIND_WORDS if words.match(folded)), "khac")


def find_kind(text: str) -> str | None:
    """The code of a legal form written as code or in words; None when it is neither."""
    folded = fold(text.replace("_", " "))
    for code, name in PRODUCER_KINDS.items():
        if folded in {code.replace("_", " "), fold(name)}:
            return code
    guess = kind_from_name(text)
    return None if guess == "khac" else guess


def merge_said(said: Iterable[ProducerSaid]) -> dict[tuple[str, str], ProducerSaid]:
    """Each producer once, by key: of what several rows say of one, the first that says anything counts."""
    merged: dict[tuple[str, str], ProducerSaid] = {}
    for one in said:
        known = merged.get(one.key)
        if known is None:
            merged[one.key] = one
        elif known != one:
            merged[one.key] = ProducerSaid(
                **{name: getattr(known, name) or getattr(one, name) for name in ProducerSaid.__dataclass_fields__}
            )
    return merged


def free_slug(taken: set[str], *candidates: str) -> str:
    """The first of the candidates that is not taken, else the last with a number; it is taken from now on."""
    found = next((one for one in candidates if one[:190] not in taken), None)
    number = 2
    while found is None:
        numbered = f"{candidates[-1][:180]}-{number}"
        found = None if numbered in taken else numbered
        number += 1
    taken.add(found[:190])
    return found[:190]
