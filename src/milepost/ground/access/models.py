"""Rows of staff, API keys, revoked links and answered calls."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from milepost.ground.access.words import MOST_TRIES, ROLES, SCOPES, Wish, may


class StaffManager(BaseUserManager["Staff"]):
    """Finds staff by e-mail whatever its case, as sign-in needs."""

    def get_by_natural_key(self, username: str | None) -> "Staff":
        """The member of staff with this e-mail."""
        return self.get(email=(username or "").strip().lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Staff":
        """A new member of staff; without a password they cannot sign in until one is set."""
        staff = self.model(email=email.strip().lower(), **fields)
        staff.set_password(password)
        staff.save(using=self._db)
        return staff

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Staff":
        """A new administrator, for Django's own command line."""
        return self.create_user(
            email, password, **{"name": email.partition("@")[0], "roles": ["administrator"], **fields}
        )


class Staff(AbstractBaseUser):
    """Somebody who signs in to the desk. What they may do follows from their roles."""

    id = models.BigAutoField(primary_key=True)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    roles = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(null=True, blank=True)
    sessions_ended = models.PositiveIntegerField(default=0, db_default=0)

    objects: ClassVar[StaffManager] = StaffManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        db_table = "access_staff"
        constraints = [
            models.CheckConstraint(name="access_staff_email_lower", condition=Q(email=Lower(F("email")))),
            models.CheckConstraint(name="access_staff_roles_known", condition=Q(roles__contained_by=list(ROLES))),
        ]

    def __str__(self) -> str:
        return f"staff:{self.pk}"

    @property
    def is_staff(self) -> bool:
        """Everybody in this table is staff."""
        return True

    @property
    def is_superuser(self) -> bool:
        """Administrators may do everything."""
        return "administrator" in self.roles

    @property
    def actor(self) -> str:
        """How acts of this person name their actor."""
        return f"staff:{self.pk}"

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must fit: the password and, once sessions were ended, how often they were."""
        fitting: str = super()._get_session_auth_hash(secret)  # type: ignore[misc]
        if not self.sessions_ended:
            return fitting
        return salted_hmac("milepost.sessions_ended", f"{fitting}:{self.sessions_ended}", secret=secret).hexdigest()

    def get_full_name(self) -> str:
        """The name that the desk shows."""
        return self.name

    def get_short_name(self) -> str:
        """The first of their names."""
        return self.name.partition(" ")[0]

    def has_role(self, *roles: str) -> bool:
        """Whether they have any of these roles."""
        return not set(self.roles).isdisjoint(roles)

    def may(self, permission: str) -> bool:
        """Whether they are active and hold the permission of `words.PERMISSIONS`."""
        return self.is_active and may(self.roles, permission)

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Django's spelling of `may`; a permission that is not in the table is held by nobody."""
        try:
            return self.may(perm)
        except KeyError:
            return False

    def has_module_perms(self, app_label: str) -> bool:
        """Django's question for its admin site, which is not used here."""
        return self.is_active and self.is_superuser


class ApiKey(models.Model):
    """A key for machines. Only its digest is kept."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=200)
    prefix = models.CharField(max_length=16, unique=True)
    digest = models.BinaryField(max_length=32)
    scopes = ArrayField(models.CharField(max_length=32))
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "access_api_key"
        constraints = [
            models.CheckConstraint(name="access_api_key_scopes_known", condition=Q(scopes__contained_by=list(SCOPES))),
        ]

    def __str__(self) -> str:
        return f"key:{self.pk}"


class LinkGeneration(models.Model):
    """How often the links of an order were revoked; orders whose links never were have no row."""

    pk = models.CompositePrimaryKey("order_id", "purpose")
    order_id = models.BigIntegerField()
    purpose = models.CharField(max_length=16)
    generation = models.PositiveIntegerField()

    class Meta:
        db_table = "access_link_generation"

    def __str__(self) -> str:
        return f"{self.purpose} of order {self.order_id}, generation {self.generation}"


class IdempotentCall(models.Model):
    """A mutating call and its answer, stored in the transaction of its effect."""

    pk = models.CompositePrimaryKey("key_id", "key")
    key_id = models.BigIntegerField()
    key = models.CharField(max_length=255)
    fingerprint = models.BinaryField(max_length=32)
    status = models.SmallIntegerField()
    content_type = models.CharField(max_length=100)
    response = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "access_idempotent_call"
        indexes = [BrinIndex(fields=["created_at"], name="access_idempotent_call_created")]

    def __str__(self) -> str:
        return f"key:{self.key_id} {self.key}"


class SignIn(models.Model):
    """Somebody asked for a code to sign in with, for one to open the link of an order, or for such a link; whether anybody of that
    address orders here, this room does not know.

    The code itself is kept nowhere: it follows from the id and our secret. `place` is a keyed digest of where the wish came from.
    """

    id = models.BigAutoField(primary_key=True)
    email = models.CharField(max_length=254)
    place = models.BinaryField(max_length=16)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    wish = models.CharField(max_length=8, default=Wish.SIGN_IN)
    order_id = models.BigIntegerField(null=True, blank=True)
    channel = models.CharField(max_length=8, default="email")
    reference = models.CharField(max_length=40, default="", blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "access_sign_in"
        constraints = [
            models.CheckConstraint(name="access_sign_in_email_lower", condition=Q(email=Lower(F("email")))),
            models.CheckConstraint(name="access_sign_in_tries", condition=Q(tries__lte=MOST_TRIES)),
            models.CheckConstraint(
                name="access_sign_in_wish",
                condition=Q(wish=Wish.OPEN, order_id__isnull=False)
                | Q(wish__in=[Wish.SIGN_IN, Wish.LINK], order_id__isnull=True),
            ),
        ]
        indexes = [
            models.Index(name="access_sign_in_of_email", fields=["email", "asked_at"]),
            models.Index(name="access_sign_in_of_place", fields=["place", "asked_at"]),
            models.Index(name="access_sign_in_asked", fields=["asked_at"]),
            models.Index(
                name="access_sign_in_of_order", fields=["order_id", "asked_at"], condition=Q(order_id__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"sign-in:{self.pk}"


class SignInTries(models.Model):
    """Wrong tries to sign in with one address, known here or not, by its keyed digest."""

    digest = models.BinaryField(max_length=32, primary_key=True)
    wrong = models.PositiveSmallIntegerField()
    began_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "access_sign_in_tries"

    def __str__(self) -> str:
        return f"{self.wrong} wrong tries since {self.began_at}"


class CustomerSession(models.Model):
    """A customer who has signed in by a code. Only the token's digest is kept; apart from the sessions of staff."""

    digest = models.BinaryField(max_length=32, primary_key=True)
    sign_in = models.OneToOneField(SignIn, on_delete=models.SET_NULL, null=True, related_name="+")
    email = models.CharField(max_length=254)
    began_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "access_customer_session"
        indexes = [models.Index(name="access_customer_session_over", fields=["expires_at"])]

    def __str__(self) -> str:
        return f"session of sign-in:{self.sign_in_id}"


class SavedView(models.Model):
    """A list's search and filters under a name, for the one who keeps it or, with a role, for all who have that role.

    `query` is the search as it stands in the address of the list; it may name customers, so it enters no fact and no log.
    """

    id = models.UUIDField(primary_key=True)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, db_index=False, related_name="+")
    listing = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000, blank=True)
    role = models.CharField(max_length=32, blank=True)
    kept_at = models.DateTimeField()

    class Meta:
        db_table = "access_saved_view"
        constraints = [
            models.UniqueConstraint("staff", "listing", Lower("name"), name="access_saved_view_one_name"),
            models.CheckConstraint(name="access_saved_view_role_known", condition=Q(role__in=["", *ROLES])),
            models.CheckConstraint(name="access_saved_view_named", condition=~Q(name="")),
        ]
        indexes = [models.Index(name="access_saved_view_shared", fields=["listing", "role"], condition=~Q(role=""))]

    def __str__(self) -> str:
        return f"view:{self.pk}"


class FirstView(models.Model):
    """The saved view with which a list opens for somebody."""

    pk = models.CompositePrimaryKey("staff_id", "listing")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, db_index=False, related_name="+")
    listing = models.CharField(max_length=40)
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="+")

    class Meta:
        db_table = "access_first_view"

    def __str__(self) -> str:
        return f"staff:{self.staff_id} {self.listing}"
