"""La Poste (Colissimo, Chronopost, letters): its Suivi API."""

from milepost.plugs.carriers.laposte.source import laposte

__all__ = ["laposte"]
