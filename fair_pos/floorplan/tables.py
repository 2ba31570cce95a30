"""The plan of a fair, and where each booth stands on it. Lengths are whole decimetres from the plan's top left corner."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from fair_pos.plumbing.db import Base, Instant


class FloorPlan(Base):
    """How large the plan of an edition is, and which version of it this is. An edition without one has nothing laid out."""

    __tablename__ = "floor_plan"
    __table_args__ = (CheckConstraint("width_dm > 0 and height_dm > 0", name="size"),)

    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    width_dm: Mapped[int]
    height_dm: Mapped[int]
    version: Mapped[int]
    """One more with every saving: who saves an older one is told whose work that would undo."""
    changed_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(Instant)


class BoothSpot(Base):
    """The rectangle of a booth. A booth without one is not on the plan."""

    __tablename__ = "booth_spot"
    __table_args__ = (
        CheckConstraint("x >= 0 and y >= 0", name="corner"),
        CheckConstraint("width > 0 and height > 0", name="size"),
    )

    booth_id: Mapped[str] = mapped_column(ForeignKey("booth.id"), primary_key=True)
    x: Mapped[int]
    y: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
