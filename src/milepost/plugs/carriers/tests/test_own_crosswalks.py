"""Every code that a carrier documents is mapped or left out on purpose; a detail decides, and no contradiction is believed."""

from pathlib import Path

import pytest

import milepost.plugs.carriers as carriers
from milepost.plugs.carriers.dhl.unified import meaning as of_dhl
from milepost.plugs.carriers.fedex.source import meaning as of_fedex
from milepost.plugs.carriers.tables import UNKNOWN, Crosswalk, crosswalk
from milepost.plugs.carriers.ups.source import meaning as of_ups
from milepost.plugs.carriers.usps.source import meaning as of_usps
from milepost.way.tracking.words import Cause, Kind

FOLDER = Path(carriers.__file__).parent
TABLES = {file.parent.name: Crosswalk(file) for file in sorted(FOLDER.glob("*/crosswalk.toml"))}

UPS_HAS_NOT = (15, 31, 150, 151, 152)
DHL_ECOMMERCE = """
    50 51 99-101 104 106-110 113-116 120 125 128-130 132 134 135 150 155 156 161-164 200 211 220 229 235 238 240-242 300 312 313 350
    358-361 365 371 399-402 431 441-443 445 447-454 456 461-464 468-470 472 473 477-483 494 499 501-511 513 515 517 518 520-526
    528-558 560-568 570-577 579-583 585 588-621 623-633 636-642 644 650-659 665 670 671 680 683 686 689-691 693 699 700 710 720 730
    740 750 760 770 780 800 802 804-811 813 815-818 820 821 825 844 849 853-860 862-864 867-872 880-887"""


def counted(ranges: str) -> str:
    """The numbers that are written with ranges among them."""
    ends = [(part.partition("-")[0], part.rpartition("-")[2]) for part in ranges.split()]
    return " ".join(str(number) for first, last in ends for number in range(int(first), int(last) + 1))


DOCUMENTED: tuple[tuple[str, str, str], ...] = (
    ("fedex", "events", """
        AA AC AD AF AO AP AR AX CA CH DD DE DL DP DR DS DY EA ED EO EP FD HL HP IT IX LO OC OD OF OW OX PD PF PL PM PU PX RR RM
        RC RS RP LP RG RD SE SF SP TR CC CD CP CU TP AE"""),
    ("ups", "statuses", " ".join(f"{number:03}" for number in (0, 3, 5, 6, 7, *range(10, 170)) if number not in UPS_HAS_NOT)),
    ("ups", "types", "M MV I X D"),
    ("ups", "manifests", "DP MP RD VP"),
    ("ups", "scans", """
        AG AR AT CA CD CL DL DP DS EP HU IP LC LM OC OD OF OR OT PC PL PU PT SP UA UD UL VP WH XA XD XR YF YH YI YM YN YP"""),
    ("usps", "codes", """
        01 02 03 04 05 06 07 08 09 10 11 14 15 16 17 19 21 22 23 24 25 26 27 28 29 30 31 41 42 43 44 51 52 53 54 55 56 71 80 81
        82 83 89 A1 AD DX EF GX L1 MA NT OA OF PA PC SF T1 TL TM U1 UA"""),
    ("dhl", "unified", "pre-transit transit delivered failure unknown"),
    ("dhl", "express", """
        AD AF AR BA BL BN BR CA CC CD CI CM CR CS CU DD DF DI DM DP DS EM ES FD HI HN HO HP IA IC IR LV MC MD MS NA ND NH OH OK PD
        PL PU PY RD RR RT RW SA SC SD SI SM SS ST TD TI TP TR TT UD UV WC"""),
    ("dhl", "parcel_de", "AA AE AN BV DD EE ES GT LA NB PO VA ZF ZN ZO ZU"),
    ("dhl", "ecommerce", counted(DHL_ECOMMERCE)),
    ("landmark", "codes", "50 60 75 80 90 100 125 135 150 155 200 225 250 275 300 400 410 450 500 510 900"),
    ("laposte", "codes", "DR1 DR2 PC1 PC2 ET1 ET2 ET3 ET4 EP1 DO1 DO2 DO3 PB1 PB2 MD2 ND1 AG1 RE1 DI0 DI1 DI2 DI3 ID0"),
    ("gls", "states", """
        PLANNEDPICKUP INPICKUP PREADVICE INTRANSIT INWAREHOUSE INDELIVERY DELIVERED DELIVEREDPS FINAL NOTPICKEDUP NOTDELIVERED
        CANCELED"""),
    ("seko", "codes", " ".join(f"OP-{number}" for number in range(1, 95) if number != 93)),
    ("spring", "codes", """
        0 12 15 18 19 20 21 22 25 31 40 41 91 92 93 100 101 111 124 125 1001 2101 2102 2103 4106 9101 9102 9301 9302 9999 12406
        12501 12502 12503 12504 12505 12506"""),
    ("smartkargo", "types", "BKD RCS DEP RCF GDL DDL DLD ADL RCU"),
    ("canpar", "codes", "ARR DEL INA INO PIC"),
    ("hermes", "codes", """
        0000 0600 0700 0800 0900 1000 1510 1520 1610 1710 1720 1730 1751 1810 1820 1900 1901 1910 2000 2100 2300 2400 3000 3010 3300
        3410 3430 3500 3510 3511 3520 3530 3710 3715 3720 3731 3732 3733 3734 3740 3750 3751 3752 3753 3754 3760 3761 3780 3782 3783
        3784 3785 3786 3787 3795 4010 4015 4020 4024 4025 4031 4032 4033 4034 4035 4040 4050 4051 4052 4053 4054 4060 4061 4062 4070
        4072 4080 4081 4082 4083 4084 4085 4086 4087 4095 4100 4500 4610 4620 4630 4690 6080 6081 6082 6083 6084 6085 6086 6087 6088
        6089 6090 6092 6093 6094 6096 6098 6099 7500 9040 9041 9311 9315 9321 9322 9323 9324 9325 9327 9328 9340 9341 9381 9385
        9391"""),
)  # fmt: skip


@pytest.mark.clause("TRK-2")
@pytest.mark.parametrize(("carrier", "table", "codes"), DOCUMENTED)
def test_every_documented_code_is_mapped_or_left_out_on_purpose(carrier: str, table: str, codes: str) -> None:
    assert [code for code in codes.split() if TABLES[carrier].meaning(table, code) is None] == []


@pytest.mark.parametrize("carrier", sorted(TABLES))
def test_a_table_says_things_of_ours_only_and_each_once(carrier: str) -> None:
    assert all(TABLES[carrier].tables.values())


@pytest.mark.parametrize("carrier", sorted(TABLES))
def test_a_code_that_nobody_documented_is_unknown(carrier: str) -> None:
    for table in TABLES[carrier].tables:
        assert TABLES[carrier].first((table, "ZZ-9")) is UNKNOWN
        assert TABLES[carrier].first((table, "")) is UNKNOWN


def test_a_kind_that_does_not_exist_and_a_code_said_twice_are_mistakes(tmp_path: Path) -> None:
    for lines in ('A = "flying"', 'A = ["delayed", "moon"]', 'A = "held"\na = "lost"'):
        (tmp_path / "crosswalk.toml").write_text(f"[codes]\n{lines}\n")
        with pytest.raises(ValueError, match=r"flying|moon|twice"):
            _ = crosswalk(str(tmp_path / "source.py")).tables


UPS: tuple[tuple[tuple[str, str, str], Kind | None, Cause | None], ...] = (
    (("M", "MP", "003"), Kind.LABEL_CREATED, None),
    (("I", "OR", "005"), Kind.ARRIVED_HUB, None),
    (("I", "DP", "005"), Kind.DEPARTED_HUB, None),
    (("I", "YP", "071"), Kind.ARRIVED_DESTINATION, None),
    (("I", "OT", "021"), Kind.OUT_FOR_DELIVERY, None),
    (("D", "FS", "011"), Kind.DELIVERED, None),
    (("X", "SR", "003"), Kind.CUSTOMS_CLEARED, None),  # UPS's own example: the scan is the detail
    (("X", "ZZ", "052"), Kind.DELAYED, Cause.WEATHER),
    (("D", "ZZ", "040"), Kind.READY_FOR_PICKUP, None),
    (("D", "FS", "040"), Kind.READY_FOR_PICKUP, None),
    (("X", "ZZ", "034"), Kind.RETURNED, None),
    (("X", "ZZ", "064"), Kind.REFUSED, Cause.CONSIGNEE),
    (("I", "ZZ", "041"), None, None),
    (("D", "", ""), Kind.DELIVERED, None),
    # The same two letters mean different things in the tables of different types.
    (("M", "DP", "003"), Kind.LABEL_CREATED, None),
    (("X", "OT", "124"), Kind.CUSTOMS_ACTION, Cause.CUSTOMS),
    (("X", "OR", "083"), Kind.HELD, Cause.UNKNOWN),
    (("D", "MQ", "011"), Kind.DELIVERED_SAFE_PLACE, None),
    (("D", "MP", "011"), Kind.DELIVERED_SAFE_PLACE, None),
    (("D", "2Q", "011"), Kind.READY_FOR_PICKUP, None),
    (("D", "50", "050"), Kind.ADDRESS_PROBLEM, Cause.ADDRESS),
    # What goes back goes back, whatever moves it; and a wish is no deed.
    (("I", "DP", "036"), Kind.RETURNING, None),
    (("D", "FS", "034"), Kind.RETURNED, None),
    (("D", "B0", "011"), Kind.RETURNED, None),
    (("X", "ZZ", "119"), None, None),
    (("X", "S9", "068"), Kind.HELD, Cause.ADDRESS),
    (("X", "ZZ", "069"), Kind.ATTEMPT_FAILED, Cause.UNKNOWN),
    (("I", "ZZ", "047"), Kind.IN_TRANSIT, None),
    # Neither of two that contradict each other is believed, and an unknown detail is not drowned by a coarse type.
    (("X", "ZZ", "003"), Kind.UNKNOWN, None),
    (("I", "FS", "011"), Kind.UNKNOWN, None),
    (("D", "ZZ", "999"), Kind.UNKNOWN, None),
    (("D", "ZZ", ""), Kind.UNKNOWN, None),
)


@pytest.mark.parametrize(("said", "kind", "cause"), UPS)
def test_ups_is_read_by_the_scan_then_the_status_and_by_the_type_only_without_both(
    said: tuple[str, str, str], kind: Kind | None, cause: Cause | None
) -> None:
    assert (of_ups(*said).kind, of_ups(*said).cause) == (kind, cause)


FEDEX = (
    (("PU", "A25", "WEATHER"), Kind.PICKED_UP, None),
    (("DE", "07", ""), Kind.REFUSED, Cause.CONSIGNEE),
    (("DE", "007", ""), Kind.ATTEMPT_FAILED, Cause.CONSIGNEE),
    (("DE", "03", ""), Kind.ADDRESS_PROBLEM, Cause.ADDRESS),
    (("DE", "", ""), Kind.ATTEMPT_FAILED, Cause.CARRIER),
    (("DE", "Q77", ""), Kind.UNKNOWN, None),
    (("DE", "83", ""), Kind.UNKNOWN, None),
    (("RS", "060G", ""), Kind.RETURNING, None),
    (("SE", "", "WEATHER"), Kind.DELAYED, Cause.WEATHER),
    (("DY", "", ""), Kind.DELAYED, Cause.CARRIER),
    (("CD", "", ""), Kind.CUSTOMS_ACTION, Cause.CUSTOMS),
    (("AO", "", ""), None, None),
    (("DL", "", ""), Kind.DELIVERED, None),
)


@pytest.mark.parametrize(("said", "kind", "cause"), FEDEX)
def test_fedex_is_read_by_the_event_and_a_failed_delivery_by_its_exception(
    said: tuple[str, str, str], kind: Kind | None, cause: Cause | None
) -> None:
    assert (of_fedex(*said).kind, of_fedex(*said).cause) == (kind, cause)


USPS = (
    (("01", "Delivered, In/At Mailbox"), Kind.DELIVERED),
    (("01", "Delivered, Parcel Locker"), Kind.DELIVERED_LOCKER),
    (("01", "Delivered, Front Door/Porch"), Kind.DELIVERED_SAFE_PLACE),
    (("01", "Delivered, Neighbor as Requested"), Kind.DELIVERED_NEIGHBOUR),
    (("01", "Delivered, Individual Picked Up at Post Office"), Kind.COLLECTED),
    (("01", "Delivered, To Original Sender"), Kind.RETURNED),
    (("02", "Notice Left (No Authorized Recipient Available)"), Kind.ATTEMPT_FAILED),
    (("", "Delivered, PO Box"), Kind.DELIVERED),
    (("", "Out for Delivery"), Kind.OUT_FOR_DELIVERY),
    (("", "Out for a walk"), Kind.UNKNOWN),
    (("Q7", "Delivered"), Kind.UNKNOWN),
)


@pytest.mark.parametrize(("said", "kind"), USPS)
def test_usps_is_read_by_its_code_and_where_a_delivery_was_left_by_its_words(said: tuple[str, str], kind: Kind) -> None:
    assert of_usps(*said).kind is kind


DHL = (
    (("express", "delivered", "OK"), Kind.DELIVERED),
    (("express", "transit", "WC"), Kind.OUT_FOR_DELIVERY),
    (("express", "failure", "NH"), Kind.ATTEMPT_FAILED),
    (("express", "transit", "Processed at the gateway"), Kind.IN_TRANSIT),
    (("parcel-de", "delivered", "DLVRD"), Kind.DELIVERED),
    (("parcel-de", "transit", "OK"), Kind.IN_TRANSIT),  # a code of another system
    (("ecommerce", "pre-transit", ""), Kind.LABEL_CREATED),
    (("express", "unknown", ""), Kind.UNKNOWN),
    (("parcel-de", "delivered", "ZU"), Kind.DELIVERED),
    (("parcel-de", "delivered", "ZF"), Kind.UNKNOWN),  # with an agency, which is no delivery
    (("parcel-de", "failure", "ZN"), Kind.ATTEMPT_FAILED),
    (("ecommerce", "delivered", "600"), Kind.DELIVERED),
    (("ecommerce", "delivered", "860"), Kind.RETURNED),
    (("ecommerce", "delivered", "642"), Kind.UNKNOWN),  # to an agent, who delivers
    (("parcel-nl", "delivered", "DELIVERED_AT_SHIPPER"), Kind.RETURNED),
    (("parcel-nl", "delivered", "DELIVERED"), Kind.DELIVERED),
    (("express", "pre-transit", "DELIVERED"), Kind.UNKNOWN),
    (("express", "transit", "OK"), Kind.UNKNOWN),
    (("express", "delivered", "WC"), Kind.UNKNOWN),
)


@pytest.mark.parametrize(("said", "kind"), DHL)
def test_dhl_is_read_by_the_word_of_its_system_and_not_at_all_where_that_contradicts_the_coarse_code(
    said: tuple[str, str, str], kind: Kind
) -> None:
    assert of_dhl(*said).kind is kind


MISLEADING = (
    ("laposte", "codes", "DI3", Kind.DELAYED),
    ("laposte", "codes", "DI2", Kind.RETURNED),
    ("laposte", "codes", "DI0", Kind.DELIVERED),
    ("sendle", "types", "Drop Off", None),
    ("sendle", "types", "Dropped Off", Kind.PICKED_UP),
    ("sendle", "types", "Local Delivery", Kind.HANDED_OVER),
    ("gls", "states", "FINAL", None),
    ("gls", "states", "NOTPICKEDUP", None),
    ("dhl", "express", "NA", Kind.DELAYED),
    ("dhl", "express", "TT", None),
    ("dhl", "express", "SD", Kind.LABEL_CREATED),
    ("dhl", "parcel_de", "ZF", Kind.READY_FOR_PICKUP),
    ("hermes", "codes", "4031", Kind.ARRIVED_DESTINATION),
    ("hermes", "codes", "6084", Kind.RETURNING),
    ("usps", "codes", "11", Kind.HELD),
    ("seko", "codes", "OP-76", Kind.READY_FOR_PICKUP),
    ("spring", "codes", "101", Kind.ARRIVED_HUB),
)  # fmt: skip


@pytest.mark.parametrize(("carrier", "table", "code", "kind"), MISLEADING)
def test_a_code_whose_letters_mislead_says_what_its_carrier_means_by_it(
    carrier: str, table: str, code: str, kind: Kind | None
) -> None:
    found = TABLES[carrier].meaning(table, code)
    assert found is not None
    assert found.kind is kind


SENDLE = (
    "Pickup Attempted", "Pickup", "Drop Off", "Dropped Off", "Info", "In Transit", "Out for Delivery", "Delivery Attempted",
    "Delivered", "Local Delivery", "Card Left", "Left with Agent", "Damaged", "Unable to Deliver", "Expired",
)  # fmt: skip


@pytest.mark.parametrize("word", SENDLE)
def test_every_event_that_sendle_documents_is_mapped_or_left_out_on_purpose(word: str) -> None:
    assert TABLES["sendle"].meaning("types", word) is not None
