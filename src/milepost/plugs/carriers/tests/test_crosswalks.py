"""Every code that a vendor documents is mapped, or leaves it to the status on purpose; what nobody documented is unknown."""

import pytest

from milepost.plugs.carriers.aftership.crosswalk import CODES as AFTERSHIP
from milepost.plugs.carriers.codes import Codes
from milepost.plugs.carriers.easypost.crosswalk import CODES as EASYPOST
from milepost.plugs.carriers.seventeentrack.crosswalk import CODES as SEVENTEENTRACK
from milepost.plugs.carriers.seventeentrack.crosswalk import STAGES, main_status
from milepost.plugs.carriers.shipengine.crosswalk import CODES as SHIPENGINE
from milepost.plugs.carriers.shippo.crosswalk import CODES as SHIPPO
from milepost.plugs.carriers.shopify.crosswalk import CODES as SHOPIFY
from milepost.plugs.carriers.shopify.crosswalk import FULFILLMENTS
from milepost.way.tracking.words import DELIVERIES, Cause, Kind

DOCUMENTED: dict[str, tuple[Codes, str, str]] = {
    "easypost": (
        EASYPOST,
        "unknown pre_transit in_transit out_for_delivery delivered available_for_pickup return_to_sender failure cancelled error",
        """
        address_correction arrived_at_destination arrived_at_facility arrived_at_pickup_location awaiting_information
        cancelled damaged delayed delivery_exception departed_facility departed_origin_facility expired failure held
        in_transit label_created lost missorted out_for_delivery received_at_destination_facility
        received_at_origin_facility refused return status_update transferred_to_destination_carrier transit_exception
        unknown weather_delay
        """,
    ),
    "aftership": (
        AFTERSHIP,
        "Pending InfoReceived InTransit OutForDelivery AttemptFail Delivered AvailableForPickup Exception Expired",
        """
        Delivered_001 Delivered_002 Delivered_003 Delivered_004 Delivered_005 AvailableForPickup_001 Exception_001
        Exception_002 Exception_003 Exception_004 Exception_005 Exception_006 Exception_007 Exception_008 Exception_009
        Exception_010 Exception_011 Exception_012 Exception_013 Exception_016 Exception_017 Exception_018 Exception_019
        Exception_020 Exception_021 AttemptFail_001 AttemptFail_002 AttemptFail_003 InTransit_001 InTransit_002
        InTransit_003 InTransit_004 InTransit_005 InTransit_006 InTransit_007 InTransit_008 InTransit_009
        InfoReceived_001 OutForDelivery_001 OutForDelivery_003 OutForDelivery_004 Pending_001 Pending_002 Pending_003
        Pending_004 Pending_005 Pending_006 Expired_001
        """,
    ),
    "shippo": (
        SHIPPO,
        "UNKNOWN PRE_TRANSIT TRANSIT DELIVERED RETURNED FAILURE",
        """
        information_received address_issue contact_carrier delayed delivery_attempted delivery_rescheduled
        delivery_scheduled location_inaccessible notice_left out_for_delivery package_accepted package_arrived
        package_damaged package_departed package_forwarded package_held package_processed package_processing
        pickup_available reschedule_delivery delivered return_to_sender package_unclaimed package_undeliverable
        package_disposed package_lost other
        """,
    ),
    "shipengine": (
        SHIPENGINE,
        "UN AC IT DE EX AT NY SP",
        """
        COLLECTION_FAILED AWAITING_DESPATCH COLLECTION_REQUESTED DESPATCHED ELEC_ADVICE_RECD_BY_CARRIER
        NOT_YET_RECEIVED_BY_CARRIER COLLECTION_MADE ATTEMPTED_DELIVERY ATTEMPTED_DELIVERY_2ND ATTEMPTED_DELIVERY_3RD
        COD_AMOUNT_NOT_PAID COD_AMOUNT_PAID CUSTOMER_CARDED CUSTOMER_IDENTIFICATION_FAILED INVALID_METHOD_OF_PAYMENT
        NO_ACCESS_TO_RECIPIENTS_ADDRESS OUT_FOR_DELIVERY DELIVERED DELIVERED_DAMAGED DELIVERED_IN_PART
        DELIVERED_SPECIFIED_SAFE_PLACE DELIVERED_TO_ALTERNATIVE_DELIVERY_LOCATION DELIVERED_TO_NEIGHBOUR
        DELIVERED_TO_PO_BOX PARCEL_COLLECTED_FROM_PICKUP_POINT POST_TRANSIT_STATUS PROOF_OF_DELIVERY CANCELLED
        CANCELLED_BEFORE_DESPATCH CUSTOMER_MOVED HAZARDOUS_PROHIBITED NOT_COLLECTED_FROM_PICKUP_POINT NOT_DELIVERED
        NOT_DELIVERED_ADDRESSEE_DECEASED PARCEL_DAMAGED PARCEL_DISPOSED PARCEL_LOST PARCEL_OUTSIDE_OF_SERVICE_CAPABILITY
        REFUSED_BY_CUSTOMER RETURN_TO_SENDER ADDRESS_QUERY CARRIER_DELAYS CUSTOMS_CLEARED CUSTOMS_PROCESSING
        DELAYED_NOT_CARRIER DELIVERY_ARRANGED_WITH_RECIPIENT HELD_BY_CARRIER
        HELD_BY_CARRIER_FOR_CLEARANCE_PRE_PROCESSING HELD_BY_CUSTOMS HELD_BY_EXPORT_CUSTOMS HELD_BY_IMPORT_CUSTOMS
        HUB_SCAN_OUT IN_TRANSIT INCORRECT_DECLARATION INFORMATION MISSORTED PARCEL_OVER_LABELLED PARCEL_REPACKED
        PARCEL_UPDATE_NOTIFICATION_VIA_EMAIL PARCEL_UPDATE_NOTIFICATION_VIA_SMS RECEIVED_BY_CARRIER
        RECEIVED_LOCAL_DELIVERY_DEPOT ROUTING_ERROR SUB_CONTRACTOR_EVENT SUB_CONTRACTOR_RECEIVED
        RECD_BY_CARRIER_NO_ELEC_ADVICE AWAITING_ELECTRONIC_ADVICE AWAITING_COLLECTION_FROM_PICKUP_POINT
        COLLECT_AT_LOCAL_PO CUSTOMER_TO_COLLECT_FROM_CARRIER DELIVERED_TO_LOCKER_COLLECTION_POINT
        CARRIER_STATUS_NOT_MAPPED SHIPMENT_CREATED AWAITING_PICKUP_DROP_OFF DROPPED_OFF PICKED_UP HUB_SCAN_IN
        PARCEL_UPDATE_NOTIFICATION PARCEL_REDIRECTED DELIVERY_SCHEDULED HUB_PROCESSING DELIVERY_RESCHEDULED
        ATTEMPTED_DELIVERY_FINAL
        """,
    ),
    "shopify": (
        SHOPIFY,
        """
        label_purchased label_printed ready_for_pickup confirmed in_transit out_for_delivery attempted_delivery delayed
        delivered failure carrier_picked_up
        """,
        "",
    ),
    "17track": (
        SEVENTEENTRACK,
        "NotFound InfoReceived InTransit Expired AvailableForPickup OutForDelivery DeliveryFailure Delivered Exception",
        """
        NotFound_Other NotFound_InvalidCode InfoReceived InTransit_PickedUp InTransit_Other InTransit_Departure
        InTransit_Arrival InTransit_CustomsProcessing InTransit_CustomsReleased InTransit_CustomsRequiringInformation
        Expired_Other AvailableForPickup_Other OutForDelivery_Other DeliveryFailure_Other DeliveryFailure_NoBody
        DeliveryFailure_Security DeliveryFailure_Rejected DeliveryFailure_InvalidAddress Delivered_Other Exception_Other
        Exception_Returning Exception_Returned Exception_NoBody Exception_Security Exception_Damage Exception_Rejected
        Exception_Delayed Exception_Lost Exception_Destroyed Exception_Cancel
        """,
    ),
}
"""The vendors' statuses and details, as their documentation lists them."""

vendors = pytest.mark.parametrize("vendor", sorted(DOCUMENTED))


@vendors
@pytest.mark.clause("TRK-2")
def test_every_documented_code_is_mapped_or_leaves_it_to_the_status_on_purpose(vendor: str) -> None:
    codes, statuses, details = DOCUMENTED[vendor]
    assert set(statuses.split()) <= codes.statuses.keys()
    assert {one for one in details.split() if one not in codes.details and one not in codes.silent} == set()
    assert all(codes.meaning(status, detail) for status in statuses.split() for detail in ["", *details.split()])


@vendors
def test_no_code_is_both_mapped_and_silent_and_pairs_are_of_known_codes(vendor: str) -> None:
    codes, _, _ = DOCUMENTED[vendor]
    assert not codes.details.keys() & codes.silent
    assert {status for status, _ in codes.pairs} <= codes.statuses.keys()
    assert Kind.UNKNOWN not in {kind for kind, _ in (*codes.statuses.values(), *codes.details.values())}


@vendors
@pytest.mark.clause("OPS-1")
def test_an_unknown_detail_is_unknown_whatever_the_status_beside_it(vendor: str) -> None:
    codes, statuses, _ = DOCUMENTED[vendor]
    for status in statuses.split():
        assert codes.read(status, "beamed_up") == (Kind.UNKNOWN, None, f"{status}/beamed_up")
    assert codes.read("teleported") == (Kind.UNKNOWN, None, "teleported")
    assert codes.read("", "") == (Kind.UNKNOWN, None, "–")


@vendors
def test_a_detail_that_says_something_else_than_its_status_decides(vendor: str) -> None:
    """No status that means a delivery makes one of a detail that means none, and none hides one, outside the named pairs."""
    codes, statuses, details = DOCUMENTED[vendor]
    for status in statuses.split():
        for detail in details.split():
            if (status, detail) not in codes.pairs and detail in codes.details:
                assert codes.meaning(status, detail) == codes.details[detail]


@pytest.mark.parametrize(
    ("codes", "status", "detail", "kind", "cause"),
    [
        (AFTERSHIP, "Exception", "Exception_011", Kind.RETURNED, None),
        (AFTERSHIP, "OutForDelivery", "OutForDelivery_004", Kind.DELIVERY_SCHEDULED, None),
        (AFTERSHIP, "Exception", "Exception_004", Kind.DELAYED, Cause.CUSTOMS),
        (AFTERSHIP, "Delivered", "Delivered_002", Kind.COLLECTED, None),
        (SHIPPO, "TRANSIT", "delivery_attempted", Kind.ATTEMPT_FAILED, None),
        (SHIPPO, "TRANSIT", "out_for_delivery", Kind.OUT_FOR_DELIVERY, None),
        (SHIPPO, "RETURNED", "delivered", Kind.RETURNED, None),
        (SHIPPO, "RETURNED", "package_departed", Kind.RETURNING, None),
        (SHIPPO, "UNKNOWN", "other", Kind.NOT_FOUND, None),
        (SHIPENGINE, "DE", "DELIVERED_TO_NEIGHBOUR", Kind.DELIVERED_NEIGHBOUR, None),
        (SHIPENGINE, "DE", "DELIVERED_IN_PART", Kind.DELIVERED_PART, None),
        (SHIPENGINE, "DE", "DELIVERED_TO_ALTERNATIVE_DELIVERY_LOCATION", Kind.READY_FOR_PICKUP, None),
        (SHIPENGINE, "IT", "CARRIER_STATUS_NOT_MAPPED", Kind.IN_TRANSIT, None),
        (SHIPENGINE, "EX", "NOT_DELIVERED", Kind.RETURNING, None),
        (SEVENTEENTRACK, "Exception", "Exception_Returned", Kind.RETURNED, None),
        (SEVENTEENTRACK, "DeliveryFailure", "DeliveryFailure_Rejected", Kind.REFUSED, Cause.CONSIGNEE),
        (EASYPOST, "return_to_sender", "arrived_at_destination", Kind.RETURNED, None),
        (EASYPOST, "return_to_sender", "out_for_delivery", Kind.RETURNING, None),
        (SHOPIFY, "confirmed", "", Kind.LABEL_CREATED, None),
    ],
)
def test_what_the_vendors_codes_mean(codes: Codes, status: str, detail: str, kind: Kind, cause: Cause | None) -> None:
    assert codes.meaning(status, detail) == (kind, cause)


@vendors
def test_what_is_on_its_way_back_is_never_delivered_to_the_customer(vendor: str) -> None:
    codes, statuses, details = DOCUMENTED[vendor]
    back = {status for status in statuses.split() if codes.statuses[status][0] in (Kind.RETURNING, Kind.RETURNED)}
    meanings = [codes.meaning(status, detail) for status in back for detail in details.split()]
    assert not [one for one in meanings if one is not None and one[0] in DELIVERIES]


def test_what_a_shopify_fulfilment_says_of_its_parcels_by_itself() -> None:
    assert set(FULFILLMENTS) == {"pending", "open", "success", "cancelled", "error", "failure"}
    assert {status for status, meant in FULFILLMENTS.items() if meant} == {"success", "cancelled"}


def test_a_sub_status_of_17track_names_its_main_status_and_each_stage_is_a_milestone() -> None:
    assert {main_status(detail) for detail in SEVENTEENTRACK.details} == SEVENTEENTRACK.statuses.keys()
    assert {kind for kind, _ in STAGES.values()} == {
        Kind.LABEL_CREATED, Kind.PICKED_UP, Kind.DEPARTED_HUB, Kind.ARRIVED_HUB, Kind.READY_FOR_PICKUP, Kind.OUT_FOR_DELIVERY,
        Kind.DELIVERED, Kind.RETURNING, Kind.RETURNED,
    }  # fmt: skip
