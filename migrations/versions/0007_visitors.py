"""Gates, their phones and taps, corrections, paper tallies, counters"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "counter_file",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("filename", sa.String(length=300), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("uploaded_by", sa.String(length=36), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by", sa.String(length=36), nullable=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_counter_file_edition_id_edition")),
        sa.ForeignKeyConstraint(["imported_by"], ["person.id"], name=op.f("fk_counter_file_imported_by_person")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["person.id"], name=op.f("fk_counter_file_uploaded_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter_file")),
    )
    op.create_index(op.f("ix_counter_file_edition_id"), "counter_file", ["edition_id"], unique=False)

    op.create_table(
        "crowd_rule",
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("limit_people", sa.Integer(), nullable=True),
        sa.Column("reentry_percent", sa.Integer(), nullable=True),
        sa.Column("set_by", sa.String(length=36), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_crowd_rule_edition_id_edition")),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f("fk_crowd_rule_set_by_person")),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_crowd_rule")),
    )
    op.create_table(
        "gate",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_key", sa.String(length=100), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("way in ('both', 'entrance', 'exit', 'in_only')", name=op.f("ck_gate_way")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_gate_edition_id_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate")),
        sa.UniqueConstraint("edition_id", "name_key", name=op.f("uq_gate_edition_id_name_key")),
    )
    op.create_table(
        "other_count",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("fair_day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_key", sa.String(length=100), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("factor_hundredths", sa.Integer(), nullable=False),
        sa.Column("bound", sa.String(length=5), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("bound in ('least', 'most')", name=op.f("ck_other_count_bound")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_other_count_edition_id_edition")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_other_count_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_other_count")),
    )
    op.create_index(op.f("ix_other_count_edition_id_fair_day"), "other_count", ["edition_id", "fair_day"], unique=False)

    op.create_table(
        "counter_hour",
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("source_key", sa.String(length=100), nullable=False),
        sa.Column("gate_id", sa.String(length=36), nullable=False),
        sa.Column("fair_day", sa.Date(), nullable=False),
        sa.Column("hour", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("people_in", sa.BigInteger(), nullable=False),
        sa.Column("people_out", sa.BigInteger(), nullable=False),
        sa.Column("file_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_counter_hour_edition_id_edition")),
        sa.ForeignKeyConstraint(["file_id"], ["counter_file.id"], name=op.f("fk_counter_hour_file_id_counter_file")),
        sa.PrimaryKeyConstraint(
            "edition_id", "source_key", "gate_id", "fair_day", "hour", name=op.f("pk_counter_hour")
        ),
    )
    op.create_table(
        "gate_code",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("gate_id", sa.String(length=36), nullable=False),
        sa.Column("made_by", sa.String(length=36), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["gate_id"], ["gate.id"], name=op.f("fk_gate_code_gate_id_gate")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_gate_code_made_by_person")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_gate_code")),
    )
    op.create_table(
        "gate_device",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("gate_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("paired_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paired_by", sa.String(length=36), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("clock_off_ms", sa.BigInteger(), nullable=False),
        sa.Column("high_seq", sa.BigInteger(), nullable=False),
        sa.Column("max_seq", sa.BigInteger(), nullable=False),
        sa.Column("entry_count", sa.BigInteger(), nullable=False),
        sa.Column("quarantine_count", sa.BigInteger(), nullable=False),
        sa.Column("app_version", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["gate_id"], ["gate.id"], name=op.f("fk_gate_device_gate_id_gate")),
        sa.ForeignKeyConstraint(["paired_by"], ["person.id"], name=op.f("fk_gate_device_paired_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_device")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_gate_device_token_hash")),
    )
    op.create_index(op.f("ix_gate_device_gate_id"), "gate_device", ["gate_id"], unique=False)

    op.create_table(
        "gate_hour",
        sa.Column("gate_id", sa.String(length=36), nullable=False),
        sa.Column("fair_day", sa.Date(), nullable=False),
        sa.Column("hour", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("people_in", sa.BigInteger(), nullable=False),
        sa.Column("people_out", sa.BigInteger(), nullable=False),
        sa.Column("group_in", sa.BigInteger(), nullable=False),
        sa.Column("group_out", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("source in ('tap', 'paper', 'correction')", name=op.f("ck_gate_hour_source")),
        sa.ForeignKeyConstraint(["gate_id"], ["gate.id"], name=op.f("fk_gate_hour_gate_id_gate")),
        sa.PrimaryKeyConstraint("gate_id", "fair_day", "hour", "source", name=op.f("pk_gate_hour")),
    )
    op.create_table(
        "paper_tally",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("gate_id", sa.String(length=36), nullable=False),
        sa.Column("fair_day", sa.Date(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("people_in", sa.Integer(), nullable=False),
        sa.Column("people_out", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["gate_id"], ["gate.id"], name=op.f("fk_paper_tally_gate_id_gate")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_paper_tally_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_tally")),
    )
    op.create_index(
        op.f("ix_paper_tally_gate_id_fair_day_hour"), "paper_tally", ["gate_id", "fair_day", "hour"], unique=False
    )

    op.create_table(
        "visitor_correction",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("gate_id", sa.String(length=36), nullable=False),
        sa.Column("fair_day", sa.Date(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("direction in ('in', 'out')", name=op.f("ck_visitor_correction_direction")),
        sa.ForeignKeyConstraint(["gate_id"], ["gate.id"], name=op.f("fk_visitor_correction_gate_id_gate")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_visitor_correction_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visitor_correction")),
    )
    op.create_index(
        op.f("ix_visitor_correction_gate_id_fair_day"), "visitor_correction", ["gate_id", "fair_day"], unique=False
    )

    op.create_table(
        "gate_entry",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("gate_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("grouped", sa.Boolean(), nullable=False),
        sa.Column("undoes_id", sa.String(length=36), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clock_offset_ms", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fair_day", sa.Date(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("oddities", sa.String(length=100), nullable=False),
        sa.CheckConstraint("direction in ('in', 'out', '')", name=op.f("ck_gate_entry_direction")),
        sa.CheckConstraint("kind in ('tap', 'group', 'undo')", name=op.f("ck_gate_entry_kind")),
        sa.ForeignKeyConstraint(["device_id"], ["gate_device.id"], name=op.f("fk_gate_entry_device_id_gate_device")),
        sa.ForeignKeyConstraint(["gate_id"], ["gate.id"], name=op.f("fk_gate_entry_gate_id_gate")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_entry")),
    )
    op.create_index(op.f("ix_gate_entry_device_id_seq"), "gate_entry", ["device_id", "seq"], unique=False)
    op.create_index(
        op.f("ix_gate_entry_gate_id_fair_day_minute"), "gate_entry", ["gate_id", "fair_day", "minute"], unique=False
    )
    op.create_index(op.f("ix_gate_entry_undoes_id"), "gate_entry", ["undoes_id"], unique=False)

    op.create_table(
        "gate_quarantined",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("entry_id", sa.String(length=100), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.String(length=300), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "reason in ('wrong_shape', 'id_reused', 'too_long')", name=op.f("ck_gate_quarantined_reason")
        ),
        sa.ForeignKeyConstraint(
            ["device_id"], ["gate_device.id"], name=op.f("fk_gate_quarantined_device_id_gate_device")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_quarantined")),
        sa.UniqueConstraint("device_id", "digest", name=op.f("uq_gate_quarantined_device_id_digest")),
    )


def downgrade() -> None:
    op.drop_table("gate_quarantined")
    op.drop_index(op.f("ix_gate_entry_undoes_id"), table_name="gate_entry")
    op.drop_index(op.f("ix_gate_entry_gate_id_fair_day_minute"), table_name="gate_entry")
    op.drop_index(op.f("ix_gate_entry_device_id_seq"), table_name="gate_entry")

    op.drop_table("gate_entry")
    op.drop_index(op.f("ix_visitor_correction_gate_id_fair_day"), table_name="visitor_correction")

    op.drop_table("visitor_correction")
    op.drop_index(op.f("ix_paper_tally_gate_id_fair_day_hour"), table_name="paper_tally")

    op.drop_table("paper_tally")
    op.drop_table("gate_hour")
    op.drop_index(op.f("ix_gate_device_gate_id"), table_name="gate_device")

    op.drop_table("gate_device")
    op.drop_table("gate_code")
    op.drop_table("counter_hour")
    op.drop_index(op.f("ix_other_count_edition_id_fair_day"), table_name="other_count")

    op.drop_table("other_count")
    op.drop_table("gate")
    op.drop_table("crowd_rule")
    op.drop_index(op.f("ix_counter_file_edition_id"), table_name="counter_file")

    op.drop_table("counter_file")
