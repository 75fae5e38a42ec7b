"""Rows of care. The words that people wrote, their names and addresses stand here and nowhere else but in the original."""

from django.db import models
from django.db.models import F, Q

from milepost.way.care.words import Channel, Direction, Outcome, State, Topic

GOING = ~Q(state=State.CLOSED.value)


class Conversation(models.Model):
    """What is said between us and one customer about one order, or about none; one is open at a time."""

    id = models.UUIDField(primary_key=True)
    order_id = models.BigIntegerField(null=True)
    customer_id = models.BigIntegerField(null=True)
    address = models.CharField(max_length=254, blank=True)
    name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=8, blank=True)
    topic = models.CharField(max_length=16, default=Topic.QUESTION.value)
    channel = models.CharField(max_length=12)
    state = models.CharField(max_length=12, default=State.OPEN.value)
    assignee = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=998, blank=True)

    class Meta:
        db_table = "care_conversation"
        constraints = [
            models.UniqueConstraint(
                name="care_conversation_one_going",
                fields=["order_id", "customer_id", "address"],
                condition=GOING,
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="care_conversation_state", condition=Q(state__in=[one.value for one in State])),
            models.CheckConstraint(name="care_conversation_topic", condition=Q(topic__in=[one.value for one in Topic])),
            models.CheckConstraint(
                name="care_conversation_channel", condition=Q(channel__in=[one.value for one in Channel])
            ),
            models.CheckConstraint(
                name="care_conversation_closed", condition=Q(closed_at=None) | Q(state=State.CLOSED.value)
            ),
            models.CheckConstraint(
                name="care_conversation_whose",
                condition=Q(order_id__isnull=False) | Q(customer_id__isnull=False) | ~Q(address=""),
            ),
        ]
        indexes = [
            models.Index(F("due_at"), F("id"), name="care_conversation_due", condition=Q(state=State.OPEN.value)),
            models.Index(F("state"), F("last_at").desc(), F("id").desc(), name="care_conversation_by_state"),
            models.Index(fields=["order_id"], name="care_conversation_order", condition=Q(order_id__isnull=False)),
            models.Index(
                fields=["customer_id"], name="care_conversation_customer", condition=Q(customer_id__isnull=False)
            ),
        ]


class Interaction(models.Model):
    """One contact in a conversation, in the words of whoever spoke. Is added, never changed, but for being read and answered."""

    id = models.UUIDField(primary_key=True)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, related_name="interactions", db_index=False
    )
    order_id = models.BigIntegerField(null=True)
    channel = models.CharField(max_length=12)
    direction = models.CharField(max_length=8)
    actor = models.CharField(max_length=64)
    name = models.CharField(max_length=200, blank=True)
    words = models.TextField(blank=True)
    outcome = models.CharField(max_length=16, blank=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    urgent = models.BooleanField(default=False)
    answered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    arrival_id = models.UUIDField(null=True)
    on_portal = models.BooleanField(default=False)

    class Meta:
        db_table = "care_interaction"
        constraints = [
            models.UniqueConstraint(
                name="care_interaction_once", fields=["arrival_id"], condition=Q(arrival_id__isnull=False)
            ),
            models.CheckConstraint(
                name="care_interaction_channel", condition=Q(channel__in=[one.value for one in Channel])
            ),
            models.CheckConstraint(
                name="care_interaction_direction", condition=Q(direction__in=[one.value for one in Direction])
            ),
            models.CheckConstraint(
                name="care_interaction_outcome", condition=Q(outcome="") | Q(outcome__in=[one.value for one in Outcome])
            ),
            models.CheckConstraint(
                name="care_interaction_note_is_ours",
                condition=~Q(direction=Direction.NOTE.value) | Q(on_portal=False, due_at=None),
            ),
        ]
        indexes = [
            models.Index(fields=["conversation", "at", "id"], name="care_interaction_thread"),
            models.Index(
                fields=["order_id", "at", "id"], name="care_interaction_order", condition=Q(order_id__isnull=False)
            ),
            models.Index(fields=["at"], name="care_interaction_clocks", condition=Q(due_at__isnull=False)),
        ]


class Presence(models.Model):
    """Who is on a page right now: "order:17" is that order's customer, "conversation:…" one of us. Worth nothing a minute later."""

    key = models.CharField(max_length=64, primary_key=True)
    seen_at = models.DateTimeField()
    typing_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "care_presence"
