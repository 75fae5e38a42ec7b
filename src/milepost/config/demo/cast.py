"""Who and what the demo company consists of."""

from dataclasses import dataclass
from decimal import Decimal

from milepost.ground.catalog.words import ItemDraft
from milepost.ground.parties.words import CarrierDraft, CustomerDraft, SupplierDraft
from milepost.way.intake.words import Address

PASSWORD = "milepost-demo"  # noqa: S105 - shown to everybody at the start

STAFF = (
    ("Mona", ("customer_service", "order_entry")),
    ("Omar", ("order_management",)),
    ("Femi", ("fulfilment",)),
    ("Lena", ("logistics",)),
    ("Ines", ("inventory", "procurement")),
    ("Max", ("management", "administrator")),
    ("Ivo", ("it_support",)),
)
"""Each signs in as name@milepost.example."""

CARRIERS = (
    CarrierDraft(code="dhl", name="DHL", tracking_url="https://www.dhl.com/track?tracking-id={number}"),
    CarrierDraft(code="gls", name="GLS", tracking_url="https://gls-group.com/track/{number}"),
    CarrierDraft(code="ups", name="UPS", tracking_url="https://www.ups.com/track?tracknum={number}"),
    CarrierDraft(code="own", name="Our own drivers", in_house=True, phone="+49 30 901821"),
)

SUPPLIERS = (
    SupplierDraft(code="NORDLICHT", name="Nordlicht Leuchten", email="orders@nordlicht.example", language="de"),
    SupplierDraft(code="TERRACOTTA", name="Terracotta Valdarno", email="ordini@terracotta.example", language="it"),
)


def _item(code: str, name: str, price: str, usual_max: int, weight_grams: int) -> ItemDraft:
    return ItemDraft(
        code=code,
        name=name,
        price=Decimal(price),
        currency="EUR",
        usual_max=Decimal(usual_max),
        weight_grams=weight_grams,
    )


ITEMS = (
    _item("LAMP-ARC", "Arc reading lamp, brass", "129.00", 6, 4200),
    _item("LAMP-DESK", "Desk lamp, graphite", "74.50", 10, 1800),
    _item("LAMP-SHADE", "Linen lampshade 30 cm", "32.00", 12, 450),
    _item("POT-24", "Terracotta pot 24 cm", "18.90", 20, 2600),
    _item("POT-36", "Terracotta pot 36 cm", "34.50", 12, 6100),
    _item("VASE-SMK", "Vase, smoked glass", "27.00", 12, 1150),
    _item("RUG-170", "Wool rug 170 × 240 cm, slate", "389.00", 3, 14500),
    _item("RUG-080", "Wool runner 80 × 200 cm, ochre", "149.00", 4, 5200),
    _item("THROW-MOH", "Mohair throw, moss", "96.00", 8, 900),
    _item("CUSH-45", "Cushion 45 cm, washed linen", "38.00", 16, 600),
    _item("MUG-4", "Stoneware mugs, set of four", "44.00", 10, 1700),
    _item("BOWL-28", "Serving bowl 28 cm", "36.50", 10, 1300),
    _item("KETTLE-1", "Kettle 1 l, enamel", "58.00", 6, 1250),
    _item("BOARD-OAK", "Chopping board, oak", "42.00", 10, 1900),
    _item("KNIFE-20", "Kitchen knife 20 cm", "88.00", 5, 380),
    _item("CLOCK-W", "Wall clock 30 cm", "69.00", 5, 1100),
    _item("SHELF-80", "Wall shelf 80 cm, ash", "84.00", 8, 4700),
    _item("STOOL-ASH", "Stool, ash", "112.00", 6, 3800),
    _item("HOOKS-5", "Coat hooks, five", "29.00", 12, 850),
    _item("CANDLE-3", "Beeswax candles, three", "16.50", 30, 540),
)

SCARCE = {"STOOL-ASH": 4, "RUG-170": 0}
"""What there is too little of, or nothing: some orders wait for it."""

PLENTY = 400


@dataclass(frozen=True, slots=True)
class Person:
    """A customer of the demo company, with the address that they order to."""

    name: str
    phone: str
    language: str
    zone: str
    street: str
    postal_code: str
    city: str
    region: str
    country: str
    has_email: bool = True

    @property
    def email(self) -> str:
        plain = self.name.lower().translate(str.maketrans("éèíóúñç", "eeiounc"))
        return f"{plain.replace(' ', '.')}@post.example" if self.has_email else ""

    @property
    def draft(self) -> CustomerDraft:
        return CustomerDraft(name=self.name, email=self.email, phone=self.phone, language=self.language, zone=self.zone)

    @property
    def address(self) -> Address:
        return Address(
            name=self.name, street=self.street, postal_code=self.postal_code, city=self.city, region=self.region,
            country=self.country,
        )  # fmt: skip


_PORTLAND = "America/Los_Angeles"
_BERLIN, _ROME, _MADRID, _PARIS, _LONDON = (
    "Europe/Berlin",
    "Europe/Rome",
    "Europe/Madrid",
    "Europe/Paris",
    "Europe/London",
)

PEOPLE = (
    Person("Ada Okafor", "+44 20 7946 0958", "en", _LONDON, "14 Lamb's Conduit Street", "WC1N 3LE", "London", "", "GB"),
    Person("Bruno Keller", "+49 30 901820", "de", _BERLIN, "Oranienstraße 24", "10999", "Berlin", "", "DE"),
    Person("Chiara Conti", "+39 02 7740 4343", "it", _ROME, "Via Solferino 12", "20121", "Milano", "MI", "IT"),
    Person("Lucía Moreno", "+34 91 588 1000", "es", _MADRID, "Calle de la Palma 41", "28004", "Madrid", "Madrid", "ES"),
    Person("Émile Garnier", "+33 4 72 10 30 30", "fr", _PARIS, "18 rue Mercière", "69002", "Lyon", "", "FR"),
    Person("Harriet Doyle", "+1 503-823-4000", "en", _PORTLAND, "2410 SE Clinton St", "97202", "Portland", "OR", "US"),
    Person("Jonas Reuter", "+49 40 428280", "de", _BERLIN, "Lange Reihe 70", "20099", "Hamburg", "", "DE"),
    Person("Miriam Vogt", "+49 89 23300", "de", _BERLIN, "Türkenstraße 55", "80799", "München", "", "DE"),
    Person("Layla Haddad", "+49 221 2210", "ar", _BERLIN, "Aachener Straße 18", "50674", "Köln", "", "DE"),
    Person("Giulia Ferraro", "+39 06 0606", "it", _ROME, "Via dei Serpenti 93", "00184", "Roma", "RM", "IT"),
    Person("Marco Bellini", "+39 051 203111", "it", _ROME, "Via Santo Stefano 40", "40125", "Bologna", "BO", "IT"),
    Person("Nuria Vidal", "+34 93 402 7000", "es", _MADRID, "Carrer de Verdi 112", "08012", "Barcelona", "Barcelona", "ES"),
    Person("Javier Ortega", "+34 95 459 0101", "es", _MADRID, "Calle Feria 77", "41002", "Sevilla", "Sevilla", "ES"),
    Person("Camille Roche", "+33 1 42 76 40 40", "fr", _PARIS, "7 rue des Martyrs", "75009", "Paris", "", "FR"),
    Person("Hugo Lefèvre", "+33 5 61 22 29 22", "fr", _PARIS, "31 rue du Taur", "31000", "Toulouse", "", "FR"),
    Person("Owen Pritchard", "+44 29 2087 2087", "en", _LONDON, "8 Pontcanna Street", "CF11 9HQ", "Cardiff", "", "GB"),
    Person("Fiona Muir", "+44 131 200 2000", "en", _LONDON, "52 Broughton Street", "EH1 3SA", "Edinburgh", "", "GB"),
    Person("Samuel Ortiz", "+1 512-974-2000", "en", "America/Chicago", "1809 East 12th Street", "78702", "Austin", "TX", "US"),
    Person("Grace Whitaker", "+1 617-635-4000", "en", "America/New_York", "88 Chestnut Street", "02108", "Boston", "MA", "US"),
    Person("Deniz Arslan", "+49 341 1230", "de", _BERLIN, "Karl-Heine-Straße 61", "04229", "Leipzig", "", "DE"),
    Person("Klara Brandt", "+49 351 4880", "de", _BERLIN, "Alaunstraße 36", "01099", "Dresden", "", "DE"),
    Person("Stefano Greco", "+39 011 01111", "it", _ROME, "Via Po 25", "10124", "Torino", "TO", "IT"),
    Person("Inés Castillo", "+34 96 352 5478", "es", _MADRID, "Carrer dels Cavallers 30", "46001", "Valencia", "Valencia", "ES"),
    Person("Pauline Mercier", "+33 4 91 55 11 11", "fr", _PARIS, "12 rue Sainte", "13001", "Marseille", "", "FR"),
    Person("Wilhelm Ott", "+49 721 1330", "de", _BERLIN, "Kaiserstraße 140", "76133", "Karlsruhe", "", "DE", has_email=False),
)  # fmt: skip

PRAISE = (
    "Arrived a day early and packed with care.",
    "Everything as described, and I always knew where it was.",
    "",
    "Lovely quality. The driver called before he came.",
    "",
    "Good, though the box was larger than it needed to be.",
)
COMPLAINT = "It came, but two days later than first promised."
