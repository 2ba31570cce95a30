from __future__ import annotations

from datetime import date

from fair_pos.catalogue.rules import GROUPS
from fair_pos.registry.rules import CertificateFact, expiry_of
from fair_pos.registry.titles import Kind, TitleFact
from fair_pos.showroom.rules import LINES, Counted, Lack, count, fits, grounds_of, line_of, written

DAY = date(2023, 11, 18)


def star(stars: int, issued: date) -> CertificateFact:
    return CertificateFact(stars, issued, expiry_of(issued), "QĐ 1")


def title(kind: Kind, issued: date, expires: date | None = None) -> TitleFact:
    return TitleFact(f"{kind}-{issued}", kind, "province", issued, expires, "QĐ 2")


def test_three_stars_that_hold_are_a_ground_and_two_are_none() -> None:
    grounds, _ = grounds_of([star(3, date(2022, 5, 1))], [], DAY)
    assert [(one.kind, one.stars, one.until) for one in grounds] == [("ocop", 3, date(2025, 4, 30))]
    grounds, lacks = grounds_of([star(2, date(2022, 5, 1))], [], DAY)
    assert grounds == []
    assert lacks == [Lack("few_stars", date(2025, 4, 30), 2), Lack("no_title")]


def test_what_is_lacking_is_said_with_its_day() -> None:
    assert grounds_of([], [], DAY) == ([], [Lack("no_stars"), Lack("no_title")])
    assert grounds_of([star(4, date(2020, 1, 2))], [], DAY)[1][0] == Lack("stars_ended", date(2023, 1, 1), 4)
    assert grounds_of([star(4, date(2024, 1, 2))], [], DAY)[1][0] == Lack("stars_not_yet", date(2024, 1, 2), 4)
    ended = title("chu_luc", date(2020, 1, 1), date(2022, 12, 31))
    assert grounds_of([], [ended], DAY)[1][1:] == [Lack("title_ended", date(2022, 12, 31), kind="chu_luc")]
    coming = title("dac_san", date(2024, 1, 1))
    assert grounds_of([], [coming], DAY)[1][1:] == [Lack("title_not_yet", date(2024, 1, 1), kind="dac_san")]


def test_a_title_ends_by_its_own_day_whatever_the_star_does() -> None:
    stars = [star(3, date(2022, 5, 1))]
    titles = [title("cnnt_tieu_bieu", date(2023, 9, 1), date(2024, 8, 31)), title("dac_san", date(2021, 1, 1))]
    assert [one.kind for one in grounds_of(stars, titles, DAY)[0]] == ["ocop", "cnnt_tieu_bieu", "dac_san"]
    assert [one.kind for one in grounds_of(stars, titles, date(2024, 9, 1))[0]] == ["ocop", "dac_san"]
    assert [one.kind for one in grounds_of(stars, titles, date(2025, 5, 1))[0]] == ["dac_san"]


def test_a_title_given_again_is_one_ground_that_lasts_longer() -> None:
    titles = [
        title("chu_luc", date(2022, 1, 1), date(2023, 12, 31)),
        title("chu_luc", date(2023, 1, 1), date(2025, 12, 31)),
    ]
    (ground,) = grounds_of([], titles, DAY)[0]
    assert ground.until == date(2025, 12, 31)
    assert written([ground]) == [{"kind": "chu_luc", "stars": 0, "until": "2025-12-31", "decision": "QĐ 2"}]


def test_each_group_of_ocop_is_in_one_line() -> None:
    assert all(sum(group in groups for _name, groups in LINES.values()) == 1 for group in GROUPS)
    assert (line_of("do_uong"), line_of("thu_cong_my_nghe"), line_of("du_lich")) == ("food", "craft", "other")


def test_two_titles_count_once_in_totals_and_once_under_each() -> None:
    goods = [
        Counted("tea", "coop", "do_uong", frozenset({"ocop", "cnnt_tieu_bieu"})),
        Counted("rice", "coop", "thuc_pham", frozenset({"ocop"})),
        Counted("cloth", "weavers", "thu_cong_my_nghe", frozenset({"cnnt_tieu_bieu", "dac_san"})),
        Counted("tea", "coop", "do_uong", frozenset({"ocop", "cnnt_tieu_bieu"})),
        Counted("old", "weavers", "thu_cong_my_nghe", frozenset()),
    ]
    counts = count(goods)
    assert (counts.products, counts.makers, counts.several, counts.without) == (4, 2, 2, 1)
    assert counts.lines == {"food": 2, "craft": 2, "other": 0}
    assert counts.kinds == {"ocop": 2, "cnnt_tieu_bieu": 2, "chu_luc": 0, "dac_san": 1}
    assert sum(counts.kinds.values()) > counts.products


def test_filters_are_combined() -> None:
    tea = Counted("tea", "coop", "do_uong", frozenset({"ocop", "cnnt_tieu_bieu"}))
    assert fits(tea, line="food", kinds=["ocop", "cnnt_tieu_bieu"])
    assert not fits(tea, line="craft", kinds=["ocop"])
    assert not fits(tea, line="food", kinds=["ocop", "dac_san"])
    assert not fits(tea, line="", kinds=[], without=True)
    assert fits(Counted("old", "x", "thuc_pham", frozenset()), line="", kinds=[], without=True)
