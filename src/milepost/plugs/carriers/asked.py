"""All carriers that only answer, each with its reader; who asks them, or brings their answers as files, is another matter."""

from collections.abc import Iterator

from milepost.plugs.carriers.asendia import asendia
from milepost.plugs.carriers.australiapost import australiapost
from milepost.plugs.carriers.canpar import canpar
from milepost.plugs.carriers.dhl import dhl, dhl_express, dhl_parcel_de
from milepost.plugs.carriers.fedex import fedex
from milepost.plugs.carriers.gls import gls
from milepost.plugs.carriers.hermes import hermes
from milepost.plugs.carriers.landmark import landmark
from milepost.plugs.carriers.laposte import laposte
from milepost.plugs.carriers.parcelone import parcelone
from milepost.plugs.carriers.seko import seko
from milepost.plugs.carriers.sendle import Sendle
from milepost.plugs.carriers.sheet import Sheet
from milepost.plugs.carriers.simulated import simulated
from milepost.plugs.carriers.smartkargo import smartkargo
from milepost.plugs.carriers.spring import spring
from milepost.plugs.carriers.teleship import teleship
from milepost.way.tracking.ports import TrackingSource


def asked() -> Iterator[TrackingSource]:
    """Their readers, and that of files which people write themselves."""
    yield from (fedex(), dhl(), dhl_express(), dhl_parcel_de(), gls(), hermes(), laposte(), australiapost(), canpar())
    yield from (landmark(), asendia(), seko(), Sendle(), smartkargo(), spring(), teleship(), parcelone())
    yield from (simulated(), Sheet())
