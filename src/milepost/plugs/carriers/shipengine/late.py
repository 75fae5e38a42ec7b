"""ShipEngine's keys, had late: what fetches and reads them is loaded when the first delivery comes."""

from dataclasses import dataclass, field

from milepost.plugs.carriers.shipengine.keys import Key, Keys
from milepost.plugs.carriers.signing import Clock

ADDRESS = "https://api.shipengine.com/jwks"


@dataclass(slots=True)
class PublishedKeys:
    """The keys at the address where ShipEngine publishes them."""

    clock: Clock
    address: str = ADDRESS
    _keys: Keys | None = field(default=None, init=False)

    def find(self, kid: str) -> Key | None:
        """The key of that id."""
        if self._keys is None:
            from milepost.plugs.carriers.shipengine.published import HttpKeys

            self._keys = HttpKeys(clock=self.clock, address=self.address)
        return self._keys.find(kid)
