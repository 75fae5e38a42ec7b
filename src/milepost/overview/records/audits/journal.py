"""No fact is ever changed or removed: the database's own refusal is in force. The chains are read by `journal.queries`."""

from milepost.overview.records.words import Check

APPEND_ONLY = Check(
    rule="the journal refuses changes",
    finds="""
        SELECT t.table_name FROM (
            SELECT 'journal_entry' AS table_name UNION ALL
            SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'journal_entry'::regclass
        ) t WHERE NOT EXISTS (
            SELECT 1 FROM pg_trigger g WHERE g.tgrelid = t.table_name::regclass
                AND g.tgname = 'journal_entry_is_append_only' AND g.tgenabled IN ('O', 'A'))
    """,
    says="The table {table_name} would let facts be changed or removed: its trigger is missing or disabled.",
)

CHECKS = (APPEND_ONLY,)
