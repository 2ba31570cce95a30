"""The way from page to page: the sections and tabs that the signed-in person can enter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import current_app, request
from flask_babel import gettext as _
from flask_babel import pgettext
from flask_login import current_user

from fair_pos.people.rules import Scope, Verb, may

_PAYMENTS = ("payments.review", "payments.statements", "payments.statement", "accounts.accounts")
_OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x1f]*")


@dataclass(frozen=True)
class Way:
    """A link of the navigation; `here` when it leads to the page that is shown."""

    endpoint: str
    args: dict[str, str]
    name: str
    here: bool


def may_do(verb: str, **ties: str) -> bool:
    """Whether the signed-in person may do this, at one place when given."""
    return bool(current_user.opens(Verb(verb)) and may(current_user.roles, Verb(verb), Scope(**ties) if ties else None))


def has_page(endpoint: str) -> bool:
    """Whether the application has this page."""
    return endpoint in current_app.view_functions


def places_of_nav() -> list[Way]:
    """The sections that the signed-in person can enter."""
    at = request.endpoint or ""
    wanted = (
        (
            "reports.editions",
            Verb.SEE_FIGURES,
            pgettext("plural", "Hội chợ"),
            at.startswith(("reports.", "till.", "series.")) or "edition_id" in here(),
        ),
        (
            "catalogue.products",
            Verb.MANAGE_CATALOGUE,
            pgettext("plural", "Sản phẩm"),
            at.startswith(("catalogue.", "titles.", "labels.catalogue", "labels.print_catalogue")),
        ),
        ("people.people", Verb.MANAGE_PEOPLE, _("Người dùng"), at.startswith("people.") and "edition_id" not in here()),
    )
    return [Way(name, {}, word, on) for name, verb, word, on in wanted if has_page(name) and may_do(verb)]


@dataclass(frozen=True)
class Section:
    """Pages of an edition that are about one thing; its own link leads to the first of them."""

    name: str
    pages: list[Way]

    @property
    def here(self) -> bool:
        """Whether one of them is shown."""
        return any(page.here for page in self.pages)


_Page = tuple[str, Verb, str, tuple[str, ...]]
"""(endpoint, what one must be allowed, name, endpoints of pages below it)."""


def sections_of_edition(edition_id: str) -> list[Section]:
    """The pages of one edition that the signed-in person can enter, by what they are about: a row of all of them is two rows."""
    wanted: tuple[tuple[str, tuple[_Page, ...]], ...] = (
        (
            _("Số liệu"),
            (
                ("reports.edition_day", Verb.SEE_FIGURES, _("Trong ngày"), ("reports.money",)),
                ("reports.edition_days", Verb.SEE_FIGURES, _("Các ngày"), ()),
                ("totals.edition", Verb.SEE_FIGURES, _("Cả hội chợ"), ("totals.table",)),
                ("totals.league", Verb.SEE_FIGURES, _("Xếp hạng"), ()),
                (
                    "daysheet.days",
                    Verb.SEE_FIGURES,
                    _("Chốt ngày"),
                    ("daysheet.sheet", "daysheet.close", "daysheet.reopen", "daysheet.late"),
                ),
                ("costs.giveaways", Verb.SEE_RECEIPTS, _("Hàng tặng, giảm giá"), ("costs.discounts",)),
            ),
        ),
        (
            _("Trực tiếp"),
            (
                ("board.live", Verb.SEE_FIGURES, _("Bảng trực tiếp"), ()),
                ("plan.live", Verb.SEE_FIGURES, _("Sơ đồ"), ("plan.heat",)),
                ("board.displays", Verb.MANAGE_DEVICES, _("Màn hình"), ()),
            ),
        ),
        (
            _("Tổng kết"),
            (
                ("comparison.series", Verb.SEE_FIGURES, _("So với kỳ khác"), ()),
                (
                    "published.figures",
                    Verb.SEE_FIGURES,
                    _("Số liệu công bố"),
                    (
                        "published.figure",
                        "published.adjust",
                        "published.freeze",
                        "published.take_in",
                        "published.state",
                    ),
                ),
                ("final_report.report", Verb.SEE_FIGURES, _("Báo cáo tổng kết"), ()),
            ),
        ),
        (
            _("Phiếu và tiền"),
            (
                ("reports.receipts", Verb.SEE_RECEIPTS, _("Phiếu"), ("reports.sale", "printing.copies")),
                ("payments.transfers", Verb.SEE_PAYMENTS, _("Chuyển khoản"), _PAYMENTS),
                (
                    "cash.drawers",
                    Verb.SEE_RECEIPTS,
                    pgettext("plural", "Ngăn kéo"),
                    ("cash.drawer", "cash.without_session"),
                ),
            ),
        ),
        (
            _("Hàng"),
            (
                ("inventory.places", Verb.SEE_STOCK, _("Hàng còn"), ("inventory.place", "inventory.product")),
                (
                    "consignment.notes",
                    Verb.MANAGE_STOCK,
                    _("Phiếu hàng"),
                    (
                        "consignment.note",
                        "consignment.receive",
                        "note_entry.new_note",
                        "note_entry.enter",
                        "note_entry.write",
                    ),
                ),
                (
                    "stocktaking.counts",
                    Verb.MANAGE_STOCK,
                    _("Kiểm hàng"),
                    ("stocktaking.count", "stocktaking.new_count"),
                ),
                ("inventory.expiring", Verb.SEE_STOCK, _("Sắp hết hạn"), ()),
            ),
        ),
        (
            _("Ký gửi"),
            (
                (
                    "showroom.goods",
                    Verb.MANAGE_SHOWROOM,
                    _("Hàng trưng bày"),
                    ("showroom.admit", "showroom.take_in", "showroom.withdraw"),
                ),
                ("terms.split_rules", Verb.MANAGE_TERMS, _("Tỷ lệ chia"), ("terms.rule",)),
                ("terms.fees", Verb.MANAGE_TERMS, _("Các khoản thu"), ()),
                ("payout_accounts.accounts", Verb.MANAGE_ACCOUNTS, _("Tài khoản chủ hàng"), ()),
                ("settlement.statements", Verb.SETTLE, _("Bảng thanh toán"), ("settlement.statement",)),
                ("cooperative.bands", Verb.SEE_BANDS, _("Thu nhập của hộ"), ()),
                ("cards.cards", Verb.MANAGE_CARDS, _("Thẻ chủ hàng"), ("cards.card",)),
            ),
        ),
        (
            _("Khách"),
            (
                ("visitors.day", Verb.SEE_FIGURES, _("Khách trong ngày"), ()),
                (
                    "gates.gates",
                    Verb.MANAGE_VISITORS,
                    _("Cổng và điện thoại"),
                    ("gates.gate_code", "gates.revoke_ask", "gates.close_ask"),
                ),
                ("visitors.counter_files", Verb.MANAGE_VISITORS, _("Camera, máy đếm"), ("visitors.counter_file",)),
            ),
        ),
        (
            _("Cần xem"),
            (
                ("reports.oddities", Verb.SEE_ODDITIES, _("Điều cần xem"), ()),
                ("inventory.below_zero", Verb.SEE_STOCK, _("Hàng âm"), ()),
                ("inventory.damaged", Verb.SEE_STOCK, _("Hàng hỏng"), ()),
                ("reports.quarantine", Verb.SEE_ODDITIES, _("Gói lỗi"), ()),
            ),
        ),
        (
            _("Thiết lập"),
            (
                ("till.devices", Verb.MANAGE_DEVICES, pgettext("plural", "Máy bán hàng"), ("till.devices_code",)),
                (
                    "venues.booths",
                    Verb.MANAGE_BOOTHS,
                    pgettext("plural", "Gian hàng"),
                    (
                        "venues.booth",
                        "venues.create_booth",
                        "register.booths_file",
                        "register.preview",
                        "register.confirm",
                        "labels.edition",
                        "labels.print_edition",
                    ),
                ),
                ("floorplan.edit", Verb.MANAGE_BOOTHS, _("Xếp sơ đồ"), ("floorplan.save",)),
                (
                    "programme.items",
                    Verb.MANAGE_BOOTHS,
                    _("Chương trình"),
                    ("programme.add", "programme.change", "programme.remove"),
                ),
                (
                    "printing.printers",
                    Verb.MANAGE_PRINTERS,
                    pgettext("plural", "Máy in"),
                    ("printing.add_printer", "printing.printer", "printing.change_printer"),
                ),
                ("venues.till_rules_of", Verb.MANAGE_BOOTHS, _("Quy định"), ("venues.change_till_rules",)),
                (
                    "people.sellers",
                    Verb.MANAGE_SELLERS,
                    pgettext("plural", "Người bán"),
                    ("people.create_seller", "people.give_seller_pin"),
                ),
                (
                    "venues.edit_edition",
                    Verb.MANAGE_EDITIONS,
                    _("Sửa"),
                    ("venues.change_edition", "venues.hide", "cloning.next_edition", "cloning.open_next"),
                ),
            ),
        ),
    )
    found = [Section(name, _enterable(pages, edition_id)) for name, pages in wanted]
    return [section for section in found if section.pages]


def _enterable(pages: tuple[_Page, ...], edition_id: str) -> list[Way]:
    return [
        Way(name, {"edition_id": edition_id}, word, request.endpoint in (name, *below))
        for name, verb, word, below in pages
        if has_page(name) and may_do(verb, edition_id=edition_id)
    ]


def here() -> dict[str, Any]:
    """What the address of this page names."""
    return dict(request.view_args or {})


def own_path(target: str | None) -> str:
    """`target` when it is a path on this site, else the first page (open redirect, ASVS 3.7.2)."""
    plain = target is not None and _OWN_PATH.fullmatch(target) is not None and "%5c" not in target.lower()
    return target if target is not None and plain else "/"
