"""The report in words: head, general situation, assessment, proposals and foot; results and annexes stand beside (results, annexes)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask_babel import gettext as _

from fair_pos.final_report import figure_tables as made
from fair_pos.final_report.annexes import annexes_of
from fair_pos.final_report.facts import Facts, Happening
from fair_pos.final_report.forms import Said
from fair_pos.final_report.results import grown_words, results_of
from fair_pos.final_report.rules import (
    Block,
    Foot,
    Head,
    Heading,
    Paragraph,
    Part,
    Plot,
    Report,
    Table,
    day_in_words,
    permille_of,
    written_permille,
)
from fair_pos.plumbing.words import day as written_day
from fair_pos.plumbing.words import instant, number
from fair_pos.reports.export import Table as FigureTable
from fair_pos.reports.plan_heat import Drawn

BLANK_LINES = 3
MOST_HAPPENINGS = 40
"""Of the programme in the text; a showroom of a year has hundreds."""


def report_of(facts: Facts, tables: Mapping[str, FigureTable], heat: Drawn, said: Said, language: str) -> Report:
    """The report of an edition. `tables` are those of the whole edition by name (reports.day_tables), `heat` its plan."""
    key = made.key_table(facts)
    edition = facts.edition
    parts = [
        Part("I", _("Tình hình chung"), tuple(_situation(facts))),
        Part("II", _("Kết quả"), (*_key_blocks(facts, key), *results_of(facts, tables))),
        Part("III", _("Đánh giá"), tuple(_assessment(facts, said))),
        Part("IV", _("Kiến nghị, đề xuất"), (*_written(said.proposals), _closing(facts))),
    ]
    annexes = annexes_of(facts, tables, heat)
    parts, annexes = _numbered(parts, annexes)
    word, subject = _("Báo cáo"), _("Tổng kết %(name)s", name=edition.name)
    return Report(
        language=language,
        title=f"{word} {subject[:1].lower()}{subject[1:]}",
        head=_head(facts, said, word.upper(), subject),
        parts=tuple(parts),
        foot=_foot(said),
        annexes=tuple(annexes),
        annex_word=_("Phụ lục"),
        annex_reference=_annex_reference(facts, said),
        key=next(block for block in parts[1].blocks if isinstance(block, Table)),
        author=_agency(facts, said),
        made_at=facts.at,
        is_provisional=facts.is_provisional,
    )


# --- head and foot ----------------------------------------------------------------------------------------------------


def _agency(facts: Facts, said: Said) -> str:
    return said.agency or str(_("Ban tổ chức %(name)s", name=facts.edition.name))


def _number(said: Said) -> str:
    """«15/BC-BTC»; below ten with a nought before it, and room for it where the number is still to be given."""
    given = said.number.zfill(2) if said.number.isdecimal() else said.number
    return f"{given or '……'}/BC-{said.symbol or 'BTC'}"


def _place_and_day(facts: Facts, said: Said) -> str:
    day, month, year = day_in_words(said.signed_day)
    words = _(
        "ngày %(day)s tháng %(month)s năm %(year)s",
        day=day,
        month=month,
        year=year if said.signed_day else facts.at.year,
    )
    return f"{said.place or '……'}, {words}"


def _head(facts: Facts, said: Said, kind: str, subject: str) -> Head:
    return Head(
        country=_("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        motto=_("Độc lập - Tự do - Hạnh phúc"),
        parent=said.parent,
        agency=_agency(facts, said),
        number=_("Số: %(number)s", number=_number(said)),
        place_and_day=_place_and_day(facts, said),
        kind=kind,
        subject=subject,
        addressees_word=_("Kính gửi:"),
        addressees=said.addressees,
    )


def _annex_reference(facts: Facts, said: Said) -> str:
    day, month, year = day_in_words(said.signed_day)
    return str(
        _(
            "(Kèm theo Báo cáo số %(number)s ngày %(day)s tháng %(month)s năm %(year)s của %(agency)s)",
            number=_number(said), day=day, month=month, year=year if said.signed_day else facts.at.year, agency=_agency(facts, said),
        )
    )  # fmt: skip


def _foot(said: Said) -> Foot:
    listed = [str(_("Như trên;"))] if said.addressees else []
    listed += [f"{one.rstrip(' ;.').removeprefix('-').strip()};" for one in said.recipients]
    return Foot(
        recipients_word=_("Nơi nhận:"),
        recipients=(*(listed or ["……;"]), _("Lưu: VT.")),
        authority=said.authority or _("TM. Ban tổ chức"),
        office=said.office or _("Trưởng ban"),
        sign_here=_("(Ký, ghi rõ họ tên, đóng dấu)") if not said.name else "",
        name=said.name,
    )


# --- I ----------------------------------------------------------------------------------------------------------------


def _situation(facts: Facts) -> list[Block]:
    one = facts.edition
    hours = {"opens": _clock(one.opens_minute), "closes": _clock(one.closes_minute)}
    place = {"name": one.name, "place": one.place or _("(chưa ghi địa điểm)"), "first": written_day(one.starts_day)}
    if one.ends_day is not None:
        days = (one.ends_day - one.starts_day).days + 1
        text = _(
            "%(name)s diễn ra tại %(place)s từ ngày %(first)s đến ngày %(last)s (%(days)s ngày), mở cửa từ %(opens)s đến %(closes)s.",
            last=written_day(one.ends_day), days=days, **place, **hours,
        )  # fmt: skip
    else:
        text = _(
            "%(name)s tại %(place)s hoạt động từ ngày %(first)s, mở cửa từ %(opens)s đến %(closes)s.", **place, **hours
        )
    blocks: list[Block] = [Paragraph(text)]
    if one.number_in_series is not None:
        words = _("Đây là lần thứ %(number)s trong chuỗi «%(series)s».", number=one.number_in_series, series=one.series)
        blocks.append(Paragraph(words))
    blocks.append(Paragraph(_size(facts)))
    if one.sample:
        blocks.append(
            Paragraph(_("Số liệu của báo cáo này là dữ liệu mẫu, không phải của một hội chợ có thật."), "strong")
        )
    if facts.programme:
        blocks.append(Paragraph(_("Các hoạt động chính trong chương trình:")))
        blocks += [Paragraph(_happening(item), "item") for item in facts.programme[:MOST_HAPPENINGS]]
        if len(facts.programme) > MOST_HAPPENINGS:
            blocks.append(
                Paragraph(_("và %(more)s hoạt động khác.", more=number(len(facts.programme) - MOST_HAPPENINGS)), "item")
            )
    blocks.append(Paragraph(_standing(facts), "plain"))
    return blocks


def _size(facts: Facts) -> str:
    one = facts.edition
    booths = _("Hội chợ có %(booths)s gian hàng", booths=number(one.booths))
    if one.zones > 1:
        booths = _("%(booths)s thuộc %(zones)s khu", booths=booths, zones=number(one.zones))
    makers = _("%(makers)s chủ thể tham gia", makers=number(one.enterprises))
    if one.localities:
        makers = _("%(makers)s đến từ %(localities)s tỉnh, thành phố", makers=makers, localities=number(one.localities))
    goods = _("%(products)s sản phẩm được bày bán", products=number(one.products))
    sold = facts.said("products")
    if sold is not None:
        goods = _("%(goods)s, %(sold)s sản phẩm đã bán được", goods=goods, sold=number(sold))
    return f"{booths}; {makers}; {goods}."


def _standing(facts: Facts) -> str:
    """In one sentence how final the figures are; the annex says it day by day."""
    frozen = facts.published.frozen_at
    if frozen is not None:
        text = _("Số liệu đã được khóa lúc %(at)s; báo cáo dùng số đã khóa.", at=instant(frozen))
        if facts.is_provisional:
            text += " " + _("Lúc lập báo cáo vẫn còn ngày chưa chốt hoặc máy chưa gửi đủ; xem Phụ lục III.")
        return str(text)
    if facts.is_provisional:
        return str(
            _(
                "Mọi số liệu trong báo cáo là số tạm tính, lấy lúc %(at)s; còn thiếu gì được ghi ở Phụ lục III.",
                at=instant(facts.at),
            )
        )
    return str(_("Số liệu lấy lúc %(at)s; các ngày đã chốt hoặc đã nhận đủ, ghi ở Phụ lục III.", at=instant(facts.at)))


def _happening(item: Happening) -> str:
    return f"{_clock(item.minute)}, {written_day(item.day)}: {item.title} ({happening_name(item.kind)})."


def happening_name(kind: str) -> str:
    """A kind of programme item in words."""
    words: dict[str, str] = {
        "opening": _("lễ khai mạc"),
        "livestream": _("bán hàng trực tuyến"),
        "cooking": _("trình diễn nấu ăn"),
    }
    return words.get(kind, str(_("hoạt động khác")))


def _clock(minute: int) -> str:
    hours, minutes = divmod(minute, 60)
    return str(_("%(hours)s giờ %(minutes)s", hours=f"{hours:02}", minutes=f"{minutes:02}"))


def _key_blocks(facts: Facts, key: Table) -> list[Block]:
    found: list[Block] = [key]
    some = [one for one in facts.keys.values() if one.difference is not None]
    if some:
        found.append(
            Paragraph(
                _(
                    "Báo cáo nêu số đã công bố. Sau khi công bố, dữ liệu gửi muộn hoặc điều chỉnh làm số đang ghi nhận khác đi ở "
                    "%(count)s chỉ tiêu; chênh lệch ghi ở Phụ lục III. Các bảng chi tiết nêu số đang ghi nhận.",
                    count=len(some),
                )
            )
        )
    return found


# --- III, IV ----------------------------------------------------------------------------------------------------------


def _assessment(facts: Facts, said: Said) -> list[Block]:
    figures, good, bad = _("Qua số liệu"), _("Kết quả đạt được"), _("Tồn tại, hạn chế và nguyên nhân")
    blocks: list[Block] = [Heading(f"1. {figures}")]
    blocks += [Paragraph(one, "item") for one in sentences_of(facts)]
    return [
        *blocks,
        Heading(f"2. {good}"),
        *_written(said.assessment),
        Heading(f"3. {bad}"),
        *_written(said.shortcomings),
    ]


def sentences_of(facts: Facts) -> list[str]:
    """What the figures say by themselves, without praise or blame."""
    found: list[str] = []
    over, planned = [one for one in facts.planned_days if one.is_over_plan], facts.planned_days
    if planned:
        came, wanted = sum(one.entries or 0 for one in planned), sum(one.planned or 0 for one in planned)
        share = permille_of(came, wanted)
        if share is not None:
            found.append(
                _("Lượt khách vào đạt %(share)s số dự kiến của những ngày có dự kiến.", share=written_permille(share))
            )
        if over:
            days = ", ".join(written_day(one.day) for one in over)
            found.append(
                _(
                    "Khách đông hơn dự kiến (vượt hơn một nửa) trong %(count)s ngày: %(days)s.",
                    count=len(over),
                    days=days,
                )
            )
    busy = max(facts.counted_days, key=lambda one: one.entries or 0, default=None)
    if busy is not None and busy.entries:
        found.append(
            _(
                "Ngày đông khách nhất là %(day)s với %(entries)s lượt vào.",
                day=written_day(busy.day),
                entries=number(busy.entries),
            )
        )
    best = max(facts.days, key=lambda one: one.money.net_dong, default=None)
    if best is not None and best.money.net_dong > 0:
        part = permille_of(best.money.net_dong, facts.total.net_dong)
        words = {"day": written_day(best.day), "share": written_permille(part or 0)}
        found.append(_("Ngày bán được nhiều nhất là %(day)s, chiếm %(share)s thực thu của cả kỳ.", **words))
    if facts.before is not None:
        so = _("So với %(before)s: ", before=facts.before.edition.name)
        found += [f"{so}{one[:1].lower()}{one[1:]}" for one in grown_words(facts)]
    ocop = facts.ocop
    if ocop is not None and ocop.permille is not None:
        found.append(_("Hàng OCOP chiếm %(share)s tiền hàng.", share=written_permille(ocop.permille)))
    if not found:
        found.append(_("Chưa có phiếu bán và chưa có lượt khách nào được ghi nhận."))
    return [str(one) for one in found]


def _written(texts: Sequence[str]) -> list[Block]:
    """What a person wrote, or lines to write it on by hand."""
    if texts:
        return [Paragraph(one) for one in texts]
    return [Paragraph("", "blank") for _line in range(BLANK_LINES)]


def _closing(facts: Facts) -> Paragraph:
    return Paragraph(_("Trên đây là báo cáo tổng kết %(name)s./.", name=facts.edition.name))


# --- numbers of tables and plots --------------------------------------------------------------------------------------


def _numbered(*groups: Sequence[Part]) -> list[list[Part]]:
    """Tables and plots with «Bảng 1. …» and «Biểu đồ 1. …» before their titles, counted through text and annexes."""
    tables = plots = 0
    of_table, of_plot = _("Bảng"), _("Biểu đồ")
    done: list[list[Part]] = []
    for group in groups:
        parts = []
        for part in group:
            blocks: list[Block] = []
            for block in part.blocks:
                if isinstance(block, Table):
                    tables += 1
                    block = replace(block, title=f"{of_table} {tables}. {block.title}")  # noqa: PLW2901
                elif isinstance(block, Plot):
                    plots += 1
                    block = replace(block, title=f"{of_plot} {plots}. {block.title}")  # noqa: PLW2901
                blocks.append(block)
            parts.append(replace(part, blocks=tuple(blocks)))
        done.append(parts)
    return done
