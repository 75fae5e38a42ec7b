"""Orders in e-mail: a message is unwrapped, parted, and read in the languages of `vocabulary.toml`. Pure: no network, no clock."""

from milepost.plugs.inboxes.mail.reader import MailReader

__all__ = ["MailReader"]
