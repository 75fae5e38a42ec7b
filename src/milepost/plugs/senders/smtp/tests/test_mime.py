"""Letters as Internet messages."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from milepost.ground.notices.words import Attachment, Letter, Message
from milepost.plugs.senders.smtp.mime import internet_message

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


def written(**changes):
    values = {
        "address": "ada@example.org",
        "name": "Ada Okafor",
        "subject": "Hello",
        "text": "Hi.\n",
        "html": "<p>Hi.</p>",
    }
    letter = Letter(**(values | {"thread": "order-m7k3", "language": "en"} | changes))
    data = internet_message(
        Message(reference="ab12", lane=1, letter=letter), sent_from="orders@shop.example", brand="Brand & Søn",
        reply_to="help@shop.example", now=NOW,
    )  # fmt: skip
    return message_from_bytes(data, policy=policy.default), data


def test_text_and_html_stand_side_by_side_with_the_text_first():
    mail, _ = written(text="Grüße – 3 × Tee\n", html="<p>Grüße</p>")
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert [part.get_content().strip() for part in mail.iter_parts()] == ["Grüße – 3 × Tee", "<p>Grüße</p>"]


def test_attachments_stand_beside_the_words_and_come_out_as_they_went_in():
    invitation = Attachment(
        name="Zustellung für Ada.ics",
        content_type="text/calendar; charset=utf-8; method=PUBLISH",
        data="BEGIN:…".encode(),
    )
    paper = Attachment(name='order "M7".pdf', content_type="application/pdf", data=bytes(range(256)) * 20)
    mail, data = written(attachments=(invitation, paper))
    words, *files = mail.iter_parts()
    assert words.get_content_type() == "multipart/alternative"
    assert [one.get_content_type() for one in files] == ["text/calendar", "application/pdf"]
    assert [one.get_filename() for one in files] == ["Zustellung für Ada.ics", "order _M7_.pdf"]
    assert [one.get_payload(decode=True) for one in files] == [invitation.data, paper.data]
    assert files[0]["Content-Type"].params["method"] == "PUBLISH"
    assert max(len(line) for line in data.split(b"\r\n")) < 998


def test_a_letter_without_html_is_its_text():
    mail, _ = written(html="")
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain"]


def test_a_long_subject_of_other_letters_is_folded_and_read_again():
    subject = "Ваш заказ M7K3 отправлен – доставка во вторник " * 5
    mail, data = written(subject=subject)
    assert mail["Subject"] == " ".join(subject.split())
    assert max(len(line) for line in data.split(b"\r\n\r\n")[0].split(b"\r\n")) < 100


def test_the_message_id_is_our_reference_and_the_same_at_every_attempt():
    assert written()[0]["Message-ID"] == written()[0]["Message-ID"] == "<ab12@shop.example>"


def test_automatic_mail_says_so_and_belongs_to_its_order():
    mail, _ = written()
    assert (mail["Auto-Submitted"], mail["References"]) == ("auto-generated", "<order-m7k3@shop.example>")
    senders = [mail[header].addresses[0] for header in ("From", "Reply-To")]
    assert [(one.display_name, one.addr_spec) for one in senders] == [
        ("Brand & Søn", "orders@shop.example"), ("Brand & Søn", "help@shop.example"),
    ]  # fmt: skip
    assert mail["Date"].datetime == NOW


def test_nobody_unsubscribes_from_their_own_order_but_may_from_what_offers_it():
    assert written()[0]["List-Unsubscribe"] is None
    mail, _ = written(unsubscribe="https://shop.example/u/1")
    assert mail["List-Unsubscribe"] == "<https://shop.example/u/1>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_nothing_in_a_name_or_subject_can_add_a_header():
    mail, data = written(name="Ada\r\nBcc: all@example.org", subject="Hi\r\nX-Evil: 1")
    assert mail["Bcc"] is None
    assert mail["X-Evil"] is None
    assert b"\r\nBcc:" not in data


def test_no_line_is_longer_than_mail_allows():
    _, data = written(html=f"<p>{'long ' * 5000}</p>")
    assert max(len(line) for line in data.split(b"\r\n")) < 998


@pytest.mark.parametrize("address", ["", "ada", "ada@", "@example.org", "a b@example.org", "ada@exa mple.org"])
def test_what_is_no_address_is_an_error(address: str):
    with pytest.raises(ValueError, match="not an e-mail address"):
        written(address=address)


def test_a_domain_of_other_letters_is_written_in_ascii():
    assert written(address="ada@bücher.example")[0]["To"].addresses[0].domain == "xn--bcher-kva.example"


def test_an_address_of_other_letters_goes_as_it_is():
    _, data = written(address="josé@example.org")
    assert "To: josé@example.org\r\n".encode() in data
